import { type Bench, type Row, timed } from "../billing_year.ts";

/** BIL-02: a year of clinics is billed, each month in a transaction of its own: closed, and the next one billed in advance. */
export default {
  claim: "usage billed by closing a year of 500 clinics with 1,000,000 records",
  unit: "/s",
  goal: { ratioAtLeast: 0.7 },
  async measure(bench: Bench) {
    const [few, many] = bench.short ? [1, 3] : [50, 450];
    const recordsEach = bench.short ? 60 : 2_000;
    const tenth = await timed(bench, "few", few, recordsEach);
    const rest = await timed(bench, "many", many, recordsEach);
    return {
      measured: rest.recordsASecond,
      against: {
        what: `of a ninth as many clinics before; ${Math.round(rest.periodsASecond)} periods a second`,
        value: tenth.recordsASecond,
      },
      conditions: {
        "each month has its two bills": tenth.isComplete && rest.isComplete,
        "computed again, nothing differs": tenth.isRight && rest.isRight,
        "numbers have no gap": rest.hasNoGap,
      },
    };
  },
} satisfies Row;
