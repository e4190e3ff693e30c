import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { TierChangePreviewDocument } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Line } from "./billing.ts";
import { Lines } from "./lines.tsx";
import { sumOf } from "./money.ts";
import { useWritten } from "./written.ts";

/** What it would cost to go over to another tier today: what is taken off for the old one, and what is added for the new one. */
export function ChangePreview({
  client,
  clinic,
  tier,
  currency,
}: {
  client: Client;
  clinic: UUID;
  tier: UUID;
  currency: string;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const [known, setKnown] = useState<{ tier: UUID; lines: readonly Line[] } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isWanted = true;
    setFailure(null);
    client
      .ask(TierChangePreviewDocument, { clinic, tier })
      .then(({ tierChangePreview }) => isWanted && setKnown({ tier, lines: tierChangePreview.nodes }))
      .catch((error: unknown) => isWanted && setFailure(failureOf(error, say("offline"))));
    return () => {
      isWanted = false;
    };
  }, [client, clinic, tier]);
  if (failure) return <FailureNotice failure={failure} />;
  if (known?.tier !== tier) return <Waiting>{say("loading")}</Waiting>;
  const { lines } = known;
  return (
    <section role="status" aria-label={say("change_costs")}>
      <h3>{say("change_costs")}</h3>
      {lines.length === 0 ? (
        <p>{say("change_costs_nothing")}</p>
      ) : (
        <>
          <Lines lines={lines} currency={currency} />
          <p class="line total">
            <span>{say("change_difference")}</span>
            <strong>{written.money(sumOf(lines.map(({ amount }) => amount)), currency)}</strong>
          </p>
        </>
      )}
    </section>
  );
}
