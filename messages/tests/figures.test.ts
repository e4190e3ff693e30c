import { expect, test } from "vitest";
import { writeAmount } from "../figures.ts";
import type { Writable } from "../message.ts";
import { fill, viewOf } from "../view.ts";

const receipt = (locale: Writable["locale"], data: Record<string, string | null>): string =>
  fill(
    "{{paidAmount}}, {{receivedOn}}{{#dueAmount}}, {{dueAmount}}{{/dueAmount}}",
    viewOf({
      locale,
      recipient_name: "Atlas SRL",
      title: null,
      body: "",
      data,
      clinic_name: "Atlas",
      clinic_email: null,
      clinic_phone: null,
      clinic_address: null,
    }),
  );

test("amounts and days of a receipt are written in the reader's language (BIL-08)", () => {
  const data = { paidAmount: "123450", dueAmount: null, receivedOn: "2027-03-01", currency: "RON" };
  expect(receipt("ro", data)).toBe("1.234,50 RON, 1 martie 2027");
  expect(receipt("en", data)).toBe("RON 1,234.50, 1 March 2027");
  expect(receipt("en", { ...data, dueAmount: "7", currency: "EUR" })).toBe("€1,234.50, 1 March 2027, €0.07");
});

test("an amount is written to its last unit, whatever its size and currency (BIL-08)", () => {
  expect(writeAmount(5n, "RON", "ro")).toBe("0,05 RON");
  expect(writeAmount(-11_900n, "RON", "ro")).toBe("-119,00 RON");
  expect(writeAmount(1_234n, "JPY", "en")).toBe("JP¥1,234");
  // Beyond what a float holds.
  expect(writeAmount(900_719_925_474_099_301n, "RON", "ro")).toBe("9.007.199.254.740.993,01 RON");
});

test("what is no amount or day stays as it is (FND-15)", () => {
  expect(receipt("ro", { paidAmount: "499.00 RON", receivedOn: "luni" })).toBe("499.00 RON, luni");
});
