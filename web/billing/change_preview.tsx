import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { TierChangePreviewDocument, type TierChangePreviewQuery } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { useWritten } from "./written.ts";

type Preview = NonNullable<TierChangePreviewQuery["tierChangePreview"]>;

/** What it would cost to go over to another tier today: what is taken off for the old one, and what is added for the new one. */
export function ChangePreview({ client, clinic, tier }: { client: Client; clinic: UUID; tier: UUID }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const [known, setKnown] = useState<{ tier: UUID; preview: Preview } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isWanted = true;
    setFailure(null);
    client
      .ask(TierChangePreviewDocument, { clinic, tier })
      .then(({ tierChangePreview: preview }) => isWanted && preview && setKnown({ tier, preview }))
      .catch((error: unknown) => isWanted && setFailure(failureOf(error, say("offline"))));
    return () => {
      isWanted = false;
    };
  }, [client, clinic, tier]);
  if (failure) return <FailureNotice failure={failure} />;
  if (known?.tier !== tier) return <Waiting>{say("loading")}</Waiting>;
  const { creditAmount, chargeAmount, differenceAmount, currency, startsOn, endsOn } = known.preview;
  return (
    <div role="status">
      <h3>{say("change_costs")}</h3>
      {startsOn === null || endsOn === null ? (
        <p>{say("change_costs_nothing")}</p>
      ) : (
        <>
          <p class="soft">{written.days(startsOn, endsOn)}</p>
          <ul class="plain sums">
            <li class="line">
              <span>{say("change_credit")}</span>
              <span>−{written.money(creditAmount, currency)}</span>
            </li>
            <li class="line">
              <span>{say("change_charge")}</span>
              <span>{written.money(chargeAmount, currency)}</span>
            </li>
          </ul>
          <p class="line total">
            <span>{say("change_difference")}</span>
            <strong>{written.money(differenceAmount, currency)}</strong>
          </p>
        </>
      )}
    </div>
  );
}
