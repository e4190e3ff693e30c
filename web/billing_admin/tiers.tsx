import { Fragment } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { Included, type TierVersion, versionsOf } from "../billing/tier.tsx";
import { useWritten } from "../billing/written.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { PlatformTiersDocument, type PlatformTiersQuery } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { TierActions, TierForm } from "./tier_actions.tsx";

/** What clinics can subscribe to, with every version that there was: what it costs, and what it includes. */
export function Tiers({ client, onBack }: { client: Client; onBack(): void }) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten();
  const [known, setKnown] = useState<PlatformTiersQuery | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setKnown(await client.ask(PlatformTiersDocument, {}));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);
  const tiers = known?.platformTiers.nodes.toSorted((one, other) => one.place - other.place);
  return (
    <>
      <StepHeading>{say("tiers")}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {tiers?.map((tier) => (
        <section key={tier.id} aria-label={written.text(tier.names)}>
          <h2>
            {written.text(tier.names)}{" "}
            <span class="state">{say(tier.isOffered ? "offered" : "not_offered")}</span>
          </h2>
          <TierActions client={client} tier={tier} meters={known?.meters.nodes ?? []} onChanged={load} />
          {versionsOf(tier).map((version) => (
            <Version key={version.id} version={version} meters={known?.meters.nodes ?? []} />
          ))}
        </section>
      ))}
      {isMaking && (
        <TierForm
          client={client}
          tier={null}
          onDone={async () => {
            await load();
            setMaking(false);
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      <p class="actions">
        {tiers && !isMaking && (
          <button type="button" onClick={() => setMaking(true)}>
            {say("new_tier")}
          </button>
        )}
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}

function Version({
  version,
  meters,
}: {
  version: TierVersion;
  meters: PlatformTiersQuery["meters"]["nodes"];
}) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten();
  const { publishedAt, prices, trialDays, aiMarkupBasisPoints } = version;
  return (
    <details>
      <summary>
        {say("version", { number: version.version })} ·{" "}
        {publishedAt ? say("published", { day: written.dayOf(publishedAt) }) : say("draft")}
      </summary>
      <dl class="facts">
        {prices.nodes.map(({ currency, tenancyMode, monthlyAmount, annualAmount, setupAmount }) => (
          <Fragment key={`${currency} ${tenancyMode}`}>
            <dt>
              {currency}, {say(`tenancy_${tenancyMode}`)}
            </dt>
            <dd>
              {say("prices", {
                monthly: written.money(monthlyAmount, currency),
                annual: written.money(annualAmount, currency),
              })}
              {setupAmount !== "0" && `; ${say("setup", { amount: written.money(setupAmount, currency) })}`}
            </dd>
          </Fragment>
        ))}
        <dt>{say("trial")}</dt>
        <dd>{say("days", { count: trialDays })}</dd>
        <dt>{say("ai_markup")}</dt>
        <dd>{written.quantity(aiMarkupBasisPoints / 100)} %</dd>
      </dl>
      <h3>{say("includes")}</h3>
      <Included version={version} meters={meters} currency="RON" />
    </details>
  );
}
