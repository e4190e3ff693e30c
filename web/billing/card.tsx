import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { keptInTab } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  HowClinicPaysDocument,
  type HowClinicPaysQuery,
  StartCardUpdateDocument,
} from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { TransferTo } from "./transfer_to.tsx";

/** How long the page waits for what the provider tells of a card that was just entered. */
const PATIENCE_MS = 30_000;
const EVERY_MS = 1_500;

/** What became of the card on the provider's page, which leads back to /billing?card=saved or ?card=canceled. */
function cardInAddress(): "saved" | "canceled" | null {
  const card = new URLSearchParams(location.search).get("card");
  return card === "saved" || card === "canceled" ? card : null;
}

const cardIn = (known: HowClinicPaysQuery | null) =>
  known?.organizationSubscriptions.nodes[0]?.paymentCard ?? null;

/** How the clinic pays: by a card, which is entered on the provider's own page, or by transfer to the platform's account. */
export function HowToPay({
  client,
  clinic,
  provider,
  currency,
  mayManage,
}: {
  client: Client;
  clinic: UUID;
  provider: string;
  currency: string;
  mayManage: boolean;
}) {
  const say = useTexts(billingTexts);
  const [known, setKnown] = useState<HowClinicPaysQuery | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const [returned] = useState(cardInAddress);
  // Which card there was when somebody went to the provider's page: the new one is told by the provider, which takes a moment.
  const [before] = useState(() => keptInTab<{ enteredAt: string | null }>(`card-${clinic}`));
  const [isLate, setLate] = useState(false);
  const card = cardIn(known);
  const waitsFor = returned === "saved" ? before.read().enteredAt : undefined;
  const isAwaited = known !== null && waitsFor !== undefined && (card?.enteredAt ?? null) === waitsFor;

  const load = async () => {
    setFailure(null);
    try {
      setKnown(await client.ask(HowClinicPaysDocument, { clinic }));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  useEffect(() => void load(), [client, clinic]);
  useEffect(() => {
    if (!isAwaited) return;
    const begun = Date.now();
    const timer = setInterval(() => {
      if (Date.now() - begun > PATIENCE_MS) {
        clearInterval(timer);
        setLate(true);
      } else void load();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [isAwaited]);

  const start = async () => {
    if (isLeaving) return;
    setLeaving(true);
    setFailure(null);
    try {
      const returnUrl = `${location.origin}${location.pathname}`;
      const { startCardUpdate } = await client.ask(StartCardUpdateDocument, { clinic, returnUrl });
      before.write({ enteredAt: card?.enteredAt ?? null });
      location.assign(startCardUpdate.url);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
      setLeaving(false);
    }
  };
  const outcome = returned === "saved" && isAwaited ? (isLate ? "late" : "awaited") : returned;
  return (
    <section aria-labelledby="how-to-pay">
      <h2 id="how-to-pay">{say("how_to_pay")}</h2>
      <FailureNotice failure={failure}>
        {!known && (
          <button type="button" onClick={() => void load()}>
            {say("again")}
          </button>
        )}
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && provider === "manual" && (
        <>
          <p>{say("by_transfer")}</p>
          <TransferTo accounts={known.platformBankAccounts.nodes} currency={currency} />
        </>
      )}
      {known && provider !== "manual" && (
        <>
          <p>{say("by_card")}</p>
          <dl class="facts">
            <dt>{say("card")}</dt>
            <dd>
              {card?.brand && card.lastFour
                ? say("card_ends_in", { brand: brandOf(card.brand), digits: card.lastFour })
                : say("no_card")}
            </dd>
          </dl>
          <p role="status">{outcome && say(`card_${outcome}`)}</p>
          {mayManage && (
            <p class="actions">
              <button type="button" aria-disabled={isLeaving} onClick={() => void start()}>
                {say(card?.brand ? "update_card" : "enter_card")}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** The provider's word for a brand as people know it: visa is Visa, american_express American Express. */
const brandOf = (brand: string) =>
  brand.replaceAll("_", " ").replace(/(^|\s)\S/g, (letter) => letter.toUpperCase());
