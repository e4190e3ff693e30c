import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { numberOf } from "../billing/billing.ts";
import { useWritten } from "../billing/written.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { DunningPreviewDocument, type DunningPreviewQuery } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";

/** What was done about unpaid invoices of a clinic, and what follows, and when, if they stay so. */
export function Dunning({
  client,
  clinic,
  zone,
}: {
  client: Client;
  clinic: UUID;
  zone: string | undefined;
}) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten(zone);
  const [known, setKnown] = useState<DunningPreviewQuery | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    client
      .ask(DunningPreviewDocument, { clinic })
      .then(setKnown)
      .catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  }, [client, clinic]);
  const steps = known?.dunningPreview.nodes;
  const invoiceOf = (id: UUID) => known?.invoices.nodes.find((invoice) => invoice.id === id);
  return (
    <section aria-labelledby="dunning">
      <h2 id="dunning">{say("dunning")}</h2>
      <FailureNotice failure={failure} />
      {!steps && !failure && <Waiting>{say("loading")}</Waiting>}
      {steps?.length === 0 && <p>{say("dunning_nothing")}</p>}
      <ul class="plain">
        {steps?.map((step) => {
          const invoice = invoiceOf(step.invoiceId);
          return (
            <li key={`${step.invoiceId} ${step.day} ${step.action}`}>
              {invoice && `${numberOf(invoice)} · `}
              {say(`step_${step.action}`)} ·{" "}
              {step.doneAt
                ? say("step_done", { moment: written.moment(step.doneAt) })
                : say("step_follows", { moment: written.moment(step.dueAt) })}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
