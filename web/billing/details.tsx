import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { lazily } from "../components/lazily.tsx";
import { useTexts } from "../components/texts.ts";
import { SaveOrganizationBillingDocument } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { BilledAs } from "./billing.ts";
import { detailsSchema, draftOf, inputOf } from "./details_schema.ts";

const Asked = lazily(async () => (await import("./asked.tsx")).Asked);

/** As whom the clinic is billed. Of the tax id the last four characters are shown; whoever enters none keeps the one that is there. */
export function DetailsSection({
  client,
  clinic,
  billedAs,
  mayManage,
  onSaved,
}: {
  client: Client;
  clinic: UUID;
  billedAs: BilledAs | null;
  mayManage: boolean;
  onSaved(): Promise<unknown>;
}) {
  const say = useTexts(billingTexts);
  const [isEdited, setEdited] = useState(false);
  const [isSaved, setSaved] = useState(false);
  return (
    <section aria-labelledby="details">
      <h2 id="details">{say("details")}</h2>
      {!billedAs && <p class="notice">{say("no_details")}</p>}
      {billedAs && !isEdited && <Details billedAs={billedAs} />}
      <p role="status">{isSaved && say("saved")}</p>
      {isEdited ? (
        <Asked
          name={say("details")}
          schema={detailsSchema(billedAs)}
          values={draftOf(billedAs)}
          go={say("save")}
          keptAs={{ name: `billing-${clinic}`, without: ["taxId"] }}
          onGo={async (values) => {
            await client.ask(SaveOrganizationBillingDocument, { input: inputOf(clinic, values) });
            await onSaved();
            setSaved(true);
            setEdited(false);
          }}
          onCancel={() => setEdited(false)}
        />
      ) : (
        mayManage && (
          <p class="actions">
            <button
              type="button"
              onClick={() => {
                setSaved(false);
                setEdited(true);
              }}
            >
              {say(billedAs ? "edit_details" : "enter_details")}
            </button>
          </p>
        )
      )}
    </section>
  );
}

function Details({ billedAs }: { billedAs: BilledAs }) {
  const say = useTexts(billingTexts);
  const { postalCode, city, county, country } = billedAs;
  return (
    <dl class="facts">
      <dt>{say("legal_name")}</dt>
      <dd>{billedAs.legalName}</dd>
      <dt>{say("address")}</dt>
      <dd>{[billedAs.street, [postalCode, city].filter(Boolean).join(" "), county, country].join(", ")}</dd>
      <dt>{say("tax_id")}</dt>
      <dd>{billedAs.taxIdLastFour ? `…${billedAs.taxIdLastFour}` : say("none")}</dd>
      <dt>{say("registration_number")}</dt>
      <dd>{billedAs.registrationNumber ?? say("none")}</dd>
      <dt>{say("billing_email")}</dt>
      <dd>{billedAs.billingEmail}</dd>
      <dt>{say("currency")}</dt>
      <dd>{billedAs.currency}</dd>
      <dt>{say("timezone")}</dt>
      <dd>{billedAs.timezone}</dd>
      <dt>{say("cadence")}</dt>
      <dd>{say(`cadence_${billedAs.cadence}`)}</dd>
    </dl>
  );
}
