import { expect, test } from "vitest";
import type { Json } from "../support.ts";
import { type Place, until } from "./support.ts";

/** What a newcomer sees of billing in the mailbox: the demo clinic pays its invoices by bank transfer. */
export function bankTransferCases(started: () => Place): void {
  test("FND-30, BIL-07: the mail about the first invoice of the demo clinic says to which account it is paid", async () => {
    const page = `http://localhost:${started().ports.page}/api/messages`;
    const to = encodeURIComponent("receptie@atlas-recuperare.example");
    const text = await until(async () => {
      const { messages } = (await (await fetch(`${page}?to=${to}`)).json()) as Json;
      for (const { id } of messages) {
        const mail = (await (await fetch(`${page}/${id}`)).json()) as Json;
        if (mail.text?.includes("Am emis factura")) return mail.text as string;
      }
      return undefined;
    }, 90_000);
    expect(text).toMatch(
      /^Titular: RestartiX SRL\nIBAN: RO49 AAAA 1B31 0075 9384 0000\nBanca: Banca Demo, BIC AAAAROBU\nLa detaliile plății: \S+ 1$/m,
    );
  });
}
