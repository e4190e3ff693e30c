import { expect, test } from "vitest";
import { verdictOf } from "../twilio_codes.ts";

/** https://www.twilio.com/docs/api/errors */
test.each([
  ["opted_out", [21610, 63033]],
  ["number_is_dead", [21211, 21217, 21614, 30005, 30006, 63003, 63024]],
  [
    "message_refused",
    [21602, 21605, 21612, 21617, 21619, 21620, 21656, 63005, 63013, 63016, 63021, 63028, 63049],
  ],
  ["credentials_refused", [20003, 20005, 20006, 20008, 20010]],
  ["later", [20404, 21408, 30008, 99999]],
] as const)("Twilio means %s by %j, in an answer as in a report (FND-15)", (verdict, codes) => {
  for (const code of codes) {
    expect(verdictOf(code, 400), String(code)).toBe(verdict);
    expect(verdictOf(code, null), String(code)).toBe(verdict);
  }
});

test("without a code the status says it, and a path that is unknown is an account that is (FND-15)", () => {
  expect(verdictOf(null, 401)).toBe("credentials_refused");
  expect(verdictOf(99_999, 401)).toBe("credentials_refused");
  expect(verdictOf(20_404, 404)).toBe("credentials_refused");
  for (const status of [400, 402, 403, 404, 429, 500, null]) expect(verdictOf(null, status)).toBe("later");
  expect(verdictOf(99_999, 404)).toBe("later");
});
