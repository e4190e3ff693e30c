import { expect, it } from "vitest";
import { detailsOf, offer, save, subscribe, subscriptionOf } from "./story.cases.ts";
import type { World } from "./world.ts";

const choose =
  "mutation ($input: ChooseProviderInput!) { chooseProvider(input: $input) { organizationServiceProvider { provider } } }";

const discount =
  "mutation ($input: DiscountInvoiceInput!) { discountInvoice(input: $input) { creditNote { id } } }";

/** A clinic whose invoices FGO issues: its tax is FGO's, and ANAF says what became of them. */
export function fgoCases(world: () => World): void {
  it("FND-33, BIL-03, BIL-04: its invoice is issued with tax, sent, charged in full, and accepted", async () => {
    const { does, ids, api, vendors } = world();
    const fgo = {
      capability: "invoicing",
      provider: "fgo",
      isOffered: true,
      isDefault: false,
      hasPlatformAccount: true,
    };
    await does("root", offer, { input: fgo });
    await does("nora", choose, {
      input: { organizationId: ids.nordic, capability: "invoicing", provider: "fgo" },
    });
    await does("nora", save, { input: detailsOf(ids.nordic, "Nordic") });
    await does("nora", subscribe, { input: subscriptionOf(ids.nordic) });
    await does(
      "nora",
      "mutation ($input: StartCardUpdateInput!) { startCardUpdate(input: $input) { url } }",
      {
        input: { organizationId: ids.nordic, returnUrl: "http://localhost:4000/billing" },
      },
    );
    vendors.stripe.addCard(vendors.stripe.all("sessions")[0]?.customer);
    await world().pass("31 days");
    await world().pass("20 minutes");
    const invoice = async () =>
      (
        await api.sql(
          `select status, net_amount, tax_amount, total_amount, paid_amount, tax_state, provider_document_number, tax_upload_id is not null as is_found
           from app_public.invoices where organization_id = $1`,
          [ids.nordic],
        )
      )[0];
    expect(await invoice()).toMatchObject({
      status: "paid",
      net_amount: "24900",
      tax_amount: "5229",
      total_amount: "30129",
      paid_amount: "30129",
      tax_state: "sent",
      provider_document_number: "RX 001",
    });
    expect(vendors.fgo.documents[0]?.request.Client).toMatchObject({
      Denumire: "Nordic SRL",
      CodUnic: "RO14399840",
    });

    await world().pass("1 hour");
    await api.sql("select graphile_worker.add_job('check_tax_states', '{}')");
    await world().settle();
    expect(await invoice()).toMatchObject({ tax_state: "accepted", is_found: true });
  });

  it("BIL-04, BIL-08: a discount goes to FGO as a credit note, is sent, and accepted, too", async () => {
    const { does, ids, api } = world();
    const [{ id }] = await api.sql("select id from app_public.invoices where organization_id = $1", [
      ids.nordic,
    ]);
    await does("root", discount, { input: { invoiceId: id, amount: "1000", reason: "A day without it" } });
    await world().settle();
    const query = `query { invoices(first: 1) { nodes { creditNotes(first: 5) { nodes {
      netAmount taxState taxDeadlineOn providerState } } } } }`;
    const note = async () => (await does("nora", query)).invoices.nodes[0].creditNotes.nodes;
    expect(await note()).toEqual([
      { netAmount: "1000", taxState: "SENT", providerState: "ISSUED", taxDeadlineOn: expect.any(String) },
    ]);
    await world().pass("1 hour");
    await api.sql("select graphile_worker.add_job('check_tax_states', '{}')");
    await world().settle();
    expect(await note()).toMatchObject([{ taxState: "ACCEPTED" }]);
  });
}
