import { describe, expect, test } from "vitest";
import { barOf } from "../billing/bar.ts";
import { dayOfMoment, daysIn } from "../billing/days.ts";
import {
  amountIn,
  inWholes,
  money,
  priceIn,
  quantity,
  quantityOf,
  sumOf,
  typed,
  unitPrice,
} from "../billing/money.ts";

// BIL-06: amounts and days as a clinic reads them.

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("amounts", () => {
  test("are minor units, moved digit by digit: none is lost that a float would lose", () => {
    expect(
      ["0", "5", "50", "12345", "-5", "-12345", "9007199254740993"].map((one) => inWholes(one, 2)),
    ).toEqual(["0.00", "0.05", "0.50", "123.45", "-0.05", "-123.45", "90071992547409.93"]);
    expect(inWholes("12.5", 2)).toBe("0.125");
    expect(inWholes("1234", 0)).toBe("1234");
    expect(plain(money("9007199254740993", "RON", "ro"))).toBe("90.071.992.547.409,93 RON");
  });

  test("are written as each language writes them, in their own currency", () => {
    expect(plain(money("123450", "RON", "ro"))).toBe("1.234,50 RON");
    expect(plain(money("123450", "EUR", "en"))).toBe("€1,234.50");
    expect(plain(money("1234", "JPY", "en"))).toBe("JP¥1,234");
    expect(plain(unitPrice("12.345", "RON", "ro"))).toBe("0,12345 RON");
    expect(quantity("1234.5", "ro")).toBe("1.234,5");
    expect(plain(quantityOf("1073741824", "byte", "ro"))).toBe("1 GB");
    expect(plain(quantityOf("5368709120", "byte", "en"))).toBe("5 GB");
    expect(quantityOf("1500", "message", "ro")).toBe("1.500");
  });

  test("are read as they are typed, or not at all where they could mean two", () => {
    expect(
      ["12", "12,5", "12.50", "1 234,05", "1.234,05", "1.234", "0", "0,00", "-1", "", "a", "1e3", "12,"].map(
        (text) => amountIn(text, "RON"),
      ),
    ).toEqual([1200n, 1250n, 1250n, 123405n, ...Array.from({ length: 9 }, () => null)]);
    expect(amountIn("12,5", "JPY")).toBeNull();
    for (const amount of ["1", "100", "123456789"])
      for (const language of ["ro", "en"] as const)
        expect(amountIn(typed(amount, "RON", language), "RON")).toBe(BigInt(amount));
  });

  test("are prices, too, where nothing is one and a unit may cost a part of the smallest coin", () => {
    expect(
      ["0", "249", "249,5", "1.234,05", "0,35", "0,123", "-1", "", "1e3"].map((text) => priceIn(text, "RON")),
    ).toEqual(["0", "24900", "24950", null, "35", null, null, null, null]);
    expect(
      ["0,35", "0,1234", "0,100", "12", "0,12345678901", "0,123456789012"].map((text) =>
        priceIn(text, "RON", 9),
      ),
    ).toEqual(["35", "12.34", "10", "1200", "12.345678901", null]);
    expect(priceIn(typed("12.345", "RON", "ro"), "RON", 9)).toBe("12.345");
    expect(priceIn("0,5", "JPY", 1)).toBe("0.5");
  });

  test("add up", () => {
    expect(sumOf([])).toBe(0n);
    expect(sumOf(["9007199254740993", "-1", 1n])).toBe(9007199254740993n);
  });
});

describe("bars of usage", () => {
  test("are filled up to the limit, and on beyond it on the same scale", () => {
    expect(barOf({ used: "5", included: "20" })).toEqual({ within: 25, beyond: 0, limit: 100 });
    expect(barOf({ used: "25", included: "20" })).toEqual({ within: 80, beyond: 20, limit: 80 });
    expect(barOf({ used: "0", included: "0" })).toEqual({ within: 0, beyond: 0, limit: 0 });
    expect(barOf({ used: "3", included: "0" })).toEqual({ within: 0, beyond: 100, limit: 0 });
    expect(barOf({ used: "7", included: null })).toBeNull();
  });
});

describe("days", () => {
  test("of a period are its first and its last one, though the API ends it on the day after", () => {
    expect(plain(daysIn("2027-01-31", "2027-02-28", "en"))).toBe("31 Jan – 27 Feb 2027");
    expect(plain(daysIn("2027-02-28", "2027-03-01", "en"))).toBe("28 Feb 2027");
  });

  test("of a moment are those of the zone in which the clinic is billed", () => {
    expect(dayOfMoment("2027-01-31T22:30:00Z", "Europe/Bucharest", "en")).toBe("1 Feb 2027");
    expect(dayOfMoment("2027-01-31T22:30:00Z", "UTC", "en")).toBe("31 Jan 2027");
  });
});
