import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { Asked } from "../billing/asked.tsx";
import { useTexts } from "../components/texts.ts";
import { CreditCarriedAmountDocument } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { reasonSchema } from "./schemas.ts";

/** Gives back what an ended subscription left to the clinic's credit: credit notes, whose money is the clinic's balance then. */
export function GiveBack({
  client,
  subscription,
  onDone,
}: {
  client: Client;
  subscription: UUID;
  onDone(): Promise<unknown>;
}) {
  const say = useTexts(billingAdminTexts);
  const [isAsked, setAsked] = useState(false);
  if (!isAsked)
    return (
      <p class="actions">
        <button type="button" onClick={() => setAsked(true)}>
          {say("give_back")}
        </button>
      </p>
    );
  return (
    <Asked
      name={say("give_back")}
      schema={reasonSchema}
      values={{}}
      go={say("give_back_go")}
      onGo={async ({ reason }) => {
        await client.ask(CreditCarriedAmountDocument, { subscription, reason: String(reason ?? "") });
        await onDone();
      }}
      onCancel={() => setAsked(false)}
    />
  );
}
