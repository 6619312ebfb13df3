-- For runner.py: a word outside of tests
click("#go")
