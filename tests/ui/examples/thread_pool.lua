-- thread_pool.c: the window is alive while all cores work, and closes without waiting for all of it.
test("counts, and closes in the middle", function()
    expect("QLabel"):to_contain_text(" primes so far")
    expect("QProgressBar"):not_to_have_value(0)
    close(window("Primes"))
    same(wait_for_exit(), 0)
end)
