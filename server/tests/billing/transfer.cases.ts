import { simpleParser } from "mailparser";
import { expect, it } from "vitest";
import { detailsOf, offer, save, subscribe, subscriptionOf } from "./story.cases.ts";
import type { World } from "./world.ts";

const choose =
  "mutation ($input: ChooseProviderInput!) { chooseProvider(input: $input) { organizationServiceProvider { provider } } }";
const account =
  "mutation ($input: SetPlatformBankAccountInput!) { setPlatformBankAccount(input: $input) { platformBankAccount { iban } } }";

/** A clinic that pays by bank transfer: its mails say where to. After storyCases, whose default is the card. */
export function transferCases(world: () => World): void {
  const invoice = async () => {
    const query = "query { invoices(first: 1) { nodes { series number currency } } }";
    const [{ series, number, currency }] = (await world().does("bogdan", query)).invoices.nodes;
    return { reference: `${series} ${number}`, currency };
  };
  /** The text of the mail to the clinic's address for bills that says this. */
  const mail = async (words: string) => {
    const mails = await Promise.all((await world().smtp.taken()).map((raw) => simpleParser(raw)));
    const texts = mails
      .filter(({ to }) => JSON.stringify(to).includes("facturi@boreal.test"))
      .map(({ text }) => text ?? "");
    return texts.find((text) => text.includes(words)) ?? texts.join("\n---\n");
  };
  const lines = (reference: string) =>
    [
      "Titular: RestartiX SRL",
      "IBAN: RO49 AAAA 1B31 0075 9384 0000",
      "Banca: Banca Exemplu, BIC AAAAROBU",
      `La detaliile plății: ${reference}`,
    ].join("\n");

  it("BIL-07: the mail about an invoice that is paid by bank transfer names the platform's account and the reference", async () => {
    const { does, ids } = world();
    const manual = {
      capability: "payment",
      provider: "manual",
      isOffered: true,
      isDefault: false,
      hasPlatformAccount: true,
    };
    await does("root", offer, { input: manual });
    await does("root", account, {
      input: {
        currency: "RON",
        holder: "RestartiX SRL",
        iban: "ro49 aaaa 1b31 0075 9384 0000",
        bank: "Banca Exemplu",
        bic: "AAAAROBU",
      },
    });
    await does("bogdan", choose, {
      input: { organizationId: ids.boreal, capability: "payment", provider: "manual" },
    });
    await does("bogdan", save, { input: detailsOf(ids.boreal, "Boreal") });
    await does("bogdan", subscribe, { input: subscriptionOf(ids.boreal) });
    await world().pass("31 days");
    await world().pass("15 minutes");
    const { reference, currency } = await invoice();
    expect(currency).toBe("RON");
    expect(await mail("Am emis factura")).toContain(lines(reference));
  });

  it("BIL-05, BIL-07: so do the mails of dunning", async () => {
    await world().pass("16 days");
    const { reference } = await invoice();
    expect(await mail("a trecut de scadență")).toContain(`prin transfer bancar:\n${lines(reference)}`);
  });
}
