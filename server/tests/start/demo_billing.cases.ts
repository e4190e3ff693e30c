import { expect, test } from "vitest";

/** Where the demo's clinics pay the platform. */
export function billingCases(rows: (sql: string) => Promise<unknown[]>): void {
  test("FND-30, BIL-07: there is an account for bank transfers in each currency, whose check digits are right", async () => {
    expect(
      await rows(
        "select currency, app_private.is_iban(iban) as is_iban from app_public.platform_bank_accounts order by currency",
      ),
    ).toEqual([
      { currency: "EUR", is_iban: true },
      { currency: "RON", is_iban: true },
    ]);
  });
}
