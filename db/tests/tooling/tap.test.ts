import { describe, expect, test } from "vitest";
import { readTap } from "../../testing/tap.ts";

const read = (text: string) => readTap(text.split("\n"));

describe("reading TAP", () => {
  test("counts what passed, and shows a failure with its diagnostics and no others", () => {
    const report = read(
      "1..3\nok 1 - one\n# about one\nnot ok 2 - two\n#         have: 1\n#         want: 2\nok 3\n# note",
    );
    expect(report).toEqual({
      passed: 2,
      failed: 1,
      skipped: [],
      problems: ["not ok 2 - two", "#         have: 1", "#         want: 2"],
    });
  });

  test("skips and known failures are neither passed nor failed, and say why", () => {
    expect(read("1..2\nok 1 # SKIP no browser here\nnot ok 2 - later # TODO issue 7")).toEqual({
      passed: 0,
      failed: 0,
      skipped: ["no browser here", "issue 7"],
      problems: [],
    });
    expect(read("1..0 # SKIP not on this platform").skipped).toEqual(["not on this platform"]);
  });

  test.each([
    ["too few tests", "1..2\nok 1", "The plan was 2 tests, and 1 ran."],
    ["too many tests", "1..1\nok 1\nok 2", "The plan was 1 tests, and 2 ran."],
    ["no plan", "ok 1", "There is no plan."],
    ["nothing at all", "", "There is no plan."],
    ["a bail-out", "1..0 # SKIP\nBail out! gone", "Bail out! gone"],
  ])("%s is a failure", (_name, text, problem) => {
    const report = read(text);
    expect(report.failed).toBe(1);
    expect(report.problems).toContain(problem);
  });

  test("a plan at the end counts", () => {
    expect(read("ok 1\nok 2\n1..2")).toMatchObject({ passed: 2, failed: 0 });
  });
});
