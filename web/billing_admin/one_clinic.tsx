import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import type { Invoice } from "../billing/billing.ts";
import { DetailsSection } from "../billing/details.tsx";
import { InvoiceScreen } from "../billing/invoice.tsx";
import { Invoices } from "../billing/invoices.tsx";
import { placeOf } from "../billing/place.ts";
import { PlanSection } from "../billing/plan.tsx";
import { PlanActions } from "../billing/plan_actions.tsx";
import { Projected } from "../billing/projected.tsx";
import { UsageSection } from "../billing/usage.tsx";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { BillingOfClinicDocument, type BillingOfClinicQuery } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { Dunning } from "./dunning.tsx";
import { GiveBack } from "./give_back.tsx";
import { InvoiceActions } from "./invoice_actions.tsx";

/** One clinic as its own staff sees it, with what a superadmin does about it, each with a reason. */
export function OneClinic({
  client,
  clinic,
  name,
  onBack,
}: {
  client: Client;
  clinic: UUID;
  name: string;
  onBack(): void;
}) {
  const say = useTexts(billingAdminTexts);
  const [billing, setBilling] = useState<BillingOfClinicQuery | null>(null);
  const [opened, setOpened] = useState<UUID | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setBilling(await client.ask(BillingOfClinicDocument, { clinic }));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, clinic, say]);
  useEffect(() => void load(), [client, clinic]);

  const subscription = billing?.organizationSubscriptions.nodes[0] ?? null;
  const zone = subscription?.timezone ?? billing?.organizationBilling?.timezone;
  if (opened)
    return (
      <InvoiceScreen
        client={client}
        clinic={clinic}
        invoice={opened}
        zone={zone}
        actions={(invoice: Invoice, reload) => (
          <InvoiceActions client={client} invoice={invoice} zone={zone} onDone={reload} />
        )}
        onBack={() => {
          setOpened(null);
          void load();
        }}
      />
    );
  return (
    <>
      <StepHeading>{name}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!billing && !failure && <Waiting>{say("loading")}</Waiting>}
      {billing && (
        <>
          <PlanSection subscription={subscription} carried={billing.carriedCredits.nodes} isOurs>
            <PlanActions
              client={client}
              clinic={clinic}
              subscription={subscription}
              place={placeOf(billing)}
              isOurs
              onChanged={load}
            />
            {billing.carriedCredits.nodes
              .filter(({ isOwed }) => isOwed)
              .map(({ subscriptionId }) => (
                <GiveBack key={subscriptionId} client={client} subscription={subscriptionId} onDone={load} />
              ))}
          </PlanSection>
          <Invoices
            client={client}
            clinic={clinic}
            first={billing.invoices}
            zone={zone}
            onOpen={(invoice) => setOpened(invoice.id)}
          />
          {subscription && <Dunning client={client} clinic={clinic} zone={zone} />}
          <UsageSection usage={billing.organizationUsage.nodes} meters={billing.meters.nodes} />
          {subscription && <Projected lines={billing.projectedInvoice.nodes} subscription={subscription} />}
          <DetailsSection
            client={client}
            clinic={clinic}
            billedAs={billing.organizationBilling}
            mayManage={false}
            onSaved={load}
          />
        </>
      )}
      <p class="actions">
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}
