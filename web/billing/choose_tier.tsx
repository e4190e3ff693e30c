import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  ChangeOrganizationTierDocument,
  PlatformTiersDocument,
  type PlatformTiersQuery,
  SubscribeOrganizationDocument,
  TierChangePreviewDocument,
} from "../documents/generated/operations.ts";
import type { Values } from "../schema_form/schema.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { Asked, Untyped } from "./asked.tsx";
import type { Subscription } from "./billing.ts";
import { ChangePreview } from "./change_preview.tsx";
import { changeSchema, subscribeSchema } from "./plan_schemas.ts";
import { Included, latestOf, priceOf } from "./tier.tsx";
import { useWritten } from "./written.ts";

/** One of the tiers that are offered is chosen, seeing what it costs and includes: to subscribe to, or to go over to from today on. */
export function ChooseTier({
  client,
  clinic,
  changed,
  place,
  isOurs,
  onDone,
  onCancel,
}: {
  client: Client;
  clinic: UUID;
  /** The subscription whose tier is changed; null where one begins. */
  changed: Subscription | null;
  /** In which currency it is billed, and on whose server the clinic is. */
  place: Pick<Subscription, "currency" | "tenancyMode">;
  isOurs: boolean;
  onDone(): Promise<unknown>;
  onCancel(): void;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const [known, setKnown] = useState<PlatformTiersQuery | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    client
      .ask(PlatformTiersDocument, {})
      .then(setKnown)
      .catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  }, [client]);
  if (!known) return failure ? <FailureNotice failure={failure} /> : <Waiting>{say("loading")}</Waiting>;

  const tiers = known.platformTiers.nodes.toSorted((one, other) => one.place - other.place);
  const offered = tiers.flatMap((tier) => {
    const price = priceOf(tier, place);
    if (!price || !tier.isOffered || tier.id === changed?.tierVersion?.tier?.id) return [];
    const monthly = say("price_MONTHLY", { amount: written.money(price.monthlyAmount, price.currency) });
    const annual = say("price_ANNUAL", { amount: written.money(price.annualAmount, price.currency) });
    return [{ value: tier.id, label: `${written.text(tier.names)}: ${monthly}, ${annual}` }];
  });
  const chosen = ({ tierId }: Values) => tiers.find(({ id }) => id === tierId);
  const go = async (values: Values) => {
    const tier = chosen(values)?.id;
    if (!tier) throw new Untyped({ "$.tierId": say("choose_tier") });
    const reason = (values.reason as string | undefined) ?? null;
    if (changed) await client.ask(ChangeOrganizationTierDocument, { clinic, tier, reason });
    else {
      const cadence = values.cadence === "annual" ? "ANNUAL" : "MONTHLY";
      await client.ask(SubscribeOrganizationDocument, { clinic, tier, cadence, reason });
    }
    await onDone();
  };
  return (
    <Asked
      name={say(changed ? "change" : "subscribe")}
      schema={changed ? changeSchema(isOurs) : subscribeSchema(isOurs)}
      values={changed ? {} : { cadence: "monthly" }}
      choices={{ tiers: offered }}
      go={say(changed ? "change_go" : "subscribe_go")}
      under={(values) => {
        const tier = chosen(values);
        const version = tier && latestOf(tier);
        if (!version) return null;
        return (
          <>
            <h3>{say("includes", { tier: written.text(tier.names) })}</h3>
            {!changed && version.trialDays > 0 && <p>{say("trial_days", { count: version.trialDays })}</p>}
            <Included version={version} meters={known.meters.nodes} currency={place.currency} />
            {changed && (
              <ChangePreview
                of={tier.id}
                currency={place.currency}
                name={say("change_costs")}
                nothing={say("change_costs_nothing")}
                ask={async () => {
                  const asked = { clinic, tier: tier.id };
                  return (await client.ask(TierChangePreviewDocument, asked)).tierChangePreview.nodes;
                }}
              />
            )}
          </>
        );
      }}
      onGo={go}
      onCancel={onCancel}
    />
  );
}
