import type { Client, UUID } from "../../client/index.ts";
import { useTexts } from "../components/texts.ts";
import {
  CadenceChangePreviewDocument,
  ChangeOrganizationCadenceDocument,
} from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { Asked } from "./asked.tsx";
import type { Subscription } from "./billing.ts";
import { ChangePreview } from "./change_preview.tsx";
import { reasonSchema } from "./plan_schemas.ts";

/** How often a plan could be billed instead. */
export function otherCadence({ cadence }: Subscription): Subscription["cadence"] {
  return cadence === "ANNUAL" ? "MONTHLY" : "ANNUAL";
}

/** Has the plan billed by the year instead of by the month, or back, seeing from which day on and for how much. */
export function ChangeCadence({
  client,
  clinic,
  subscription,
  isOurs,
  onDone,
  onCancel,
}: {
  client: Client;
  clinic: UUID;
  subscription: Subscription;
  isOurs: boolean;
  onDone(): Promise<unknown>;
  onCancel(): void;
}) {
  const say = useTexts(billingTexts);
  const cadence = otherCadence(subscription);
  return (
    <Asked
      name={say(`bill_${cadence}`)}
      schema={reasonSchema(isOurs)}
      values={{}}
      go={say("cadence_go")}
      under={() => (
        <ChangePreview
          of={cadence}
          currency={subscription.currency}
          name={say("cadence_costs")}
          nothing={say("cadence_costs_nothing")}
          ask={async () =>
            (await client.ask(CadenceChangePreviewDocument, { clinic, cadence })).cadenceChangePreview.nodes
          }
        />
      )}
      onGo={async (values) => {
        const reason = (values.reason as string | undefined) ?? null;
        await client.ask(ChangeOrganizationCadenceDocument, { clinic, cadence, reason });
        await onDone();
      }}
      onCancel={onCancel}
    />
  );
}
