test("no script", function(
