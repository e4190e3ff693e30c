import { useCallback, useEffect, useState } from "preact/hooks";
import type { UUID } from "../../client/index.ts";
import { clinicToWorkAt } from "../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import type { SignedInPageProps } from "../components/signed_in_page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  BillingOfClinicDocument,
  type BillingOfClinicQuery,
  WhatIMayDocument,
} from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { Invoices } from "./invoices.tsx";
import { placeOf } from "./place.ts";
import { PlanSection } from "./plan.tsx";
import { Projected } from "./projected.tsx";
import { UsageSection } from "./usage.tsx";

const DetailsSection = lazily(async () => (await import("./details.tsx")).DetailsSection);
const HowToPay = lazily(async () => (await import("./card.tsx")).HowToPay);
const InvoiceScreen = lazily(async () => (await import("./invoice.tsx")).InvoiceScreen);
const PlanActions = lazily(async () => (await import("./plan_actions.tsx")).PlanActions);

type Known = {
  clinic: { id: UUID; name: string } | null;
  mayManage: boolean;
  billing: BillingOfClinicQuery | null;
};

/** Other pages and messages lead to an invoice here: /billing#<id of the invoice>. */
function invoiceInAddress(): UUID | null {
  const [, id] = /^#([0-9a-f-]{36})$/.exec(location.hash) ?? [];
  return (id as UUID | undefined) ?? null;
}

/** What a clinic subscribes to, uses, was billed and paid, as its staff sees it (BIL-06, BIL-08). */
export function ClinicBilling({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(billingTexts);
  const [known, setKnown] = useState<Known | null>(null);
  const [opened, setOpened] = useState<UUID | null>(invoiceInAddress);
  const [failure, setFailure] = useState<Failure | null>(null);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      const clinic = await clinicToWorkAt(client, "billing.view");
      if (!clinic) return setKnown({ clinic, mayManage: false, billing: null });
      onName(clinic.name);
      const [{ myPermissions }, billing] = await Promise.all([
        client.ask(WhatIMayDocument, { clinic: clinic.id }),
        client.ask(BillingOfClinicDocument, { clinic: clinic.id }),
      ]);
      setKnown({ clinic, mayManage: myPermissions.nodes.includes("billing.manage"), billing });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  const billing = known?.billing;
  const subscription = billing?.organizationSubscriptions.nodes[0] ?? null;
  const zone = subscription?.timezone ?? billing?.organizationBilling?.timezone;
  if (known?.clinic && opened)
    return (
      <InvoiceScreen
        client={client}
        clinic={known.clinic.id}
        invoice={opened}
        zone={zone}
        onBack={() => {
          if (location.hash) history.replaceState(null, "", location.pathname);
          setOpened(null);
          void load();
        }}
      />
    );
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !known.clinic && <p>{say("no_clinic")}</p>}
      {known?.clinic && billing && (
        <>
          <PlanSection subscription={subscription} carried={billing.carriedCredits.nodes}>
            {known.mayManage && (
              <PlanActions
                client={client}
                clinic={known.clinic.id}
                subscription={subscription}
                place={placeOf(billing)}
                onChanged={load}
              />
            )}
          </PlanSection>
          <UsageSection usage={billing.organizationUsage.nodes} meters={billing.meters.nodes} />
          {subscription && <Projected lines={billing.projectedInvoice.nodes} subscription={subscription} />}
          <Invoices
            client={client}
            clinic={known.clinic.id}
            first={billing.invoices}
            zone={zone}
            onOpen={(invoice) => setOpened(invoice.id)}
          />
          {subscription && (
            <HowToPay
              client={client}
              clinic={known.clinic.id}
              provider={subscription.provider}
              currency={subscription.currency}
              mayManage={known.mayManage}
            />
          )}
          <DetailsSection
            client={client}
            clinic={known.clinic.id}
            billedAs={billing.organizationBilling}
            mayManage={known.mayManage}
            onSaved={load}
          />
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
