/** What a test program said, in the Test Anything Protocol. */
export type TapReport = {
  passed: number;
  failed: number;
  /** Reasons, one per test that was skipped or is a known failure (TODO). */
  skipped: string[];
  /** Failures with their diagnostics, and what was wrong with the plan. */
  problems: string[];
};

/** Reads TAP lines. A count that differs from the plan, or no plan, is a failure. */
export function readTap(lines: string[]): TapReport {
  const report: TapReport = { passed: 0, failed: 0, skipped: [], problems: [] };
  let planned: number | undefined;
  let ran = 0;
  let failing = false;

  for (const line of lines) {
    const plan = /^1\.\.(\d+)(?:\s*#\s*skip\s*(.*))?/i.exec(line);
    const result = /^(not )?ok\b\s*\d*\s*(.*)$/.exec(line);
    if (plan) {
      planned = Number(plan[1]);
      if (planned === 0) report.skipped.push(plan[2] || "the whole file");
    } else if (result) {
      ran++;
      const [, not, rest = ""] = result;
      const directive = /(?<!\\)#\s*(skip|todo)\b\s*(.*)$/i.exec(rest);
      failing = Boolean(not) && !directive;
      if (directive) report.skipped.push(directive[2] || directive[1] || "");
      else if (failing) report.failed++;
      else report.passed++;
      if (failing) report.problems.push(line);
    } else if (line.startsWith("Bail out!")) {
      report.failed++;
      report.problems.push(line);
    } else if (line.startsWith("#") && failing && !/^# (Looks like|Failed test)/.test(line)) {
      report.problems.push(line);
    }
  }

  if (planned !== ran) {
    report.failed++;
    report.problems.push(
      planned === undefined ? "There is no plan." : `The plan was ${planned} tests, and ${ran} ran.`,
    );
  }
  return report;
}

/** The line that every suite ends with, and that `npm test` adds up. */
export function totals({
  passed,
  failed,
  skipped,
}: {
  passed: number;
  failed: number;
  skipped: number;
}): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
