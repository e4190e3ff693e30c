import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { StartCardUpdateDocument } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";

/** What became of the card on the provider's page, which leads back to /billing?card=saved or ?card=canceled. */
function cardInAddress(): "saved" | "canceled" | null {
  const card = new URLSearchParams(location.search).get("card");
  return card === "saved" || card === "canceled" ? card : null;
}

/** How the clinic pays: by a card, which is entered on the provider's own page, or by transfer to the account on the invoice. */
export function HowToPay({
  client,
  clinic,
  provider,
  mayManage,
}: {
  client: Client;
  clinic: UUID;
  provider: string;
  mayManage: boolean;
}) {
  const say = useTexts(billingTexts);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const [card] = useState(cardInAddress);
  const start = async () => {
    if (isLeaving) return;
    setLeaving(true);
    setFailure(null);
    try {
      const returnUrl = `${location.origin}${location.pathname}`;
      const { startCardUpdate } = await client.ask(StartCardUpdateDocument, { clinic, returnUrl });
      location.assign(startCardUpdate.url);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
      setLeaving(false);
    }
  };
  return (
    <section aria-labelledby="how-to-pay">
      <h2 id="how-to-pay">{say("how_to_pay")}</h2>
      <FailureNotice failure={failure} />
      {provider === "manual" ? (
        <p>{say("by_transfer")}</p>
      ) : (
        <>
          <p>{say("by_card")}</p>
          <p role="status">{card && say(`card_${card}`)}</p>
          {mayManage && (
            <p class="actions">
              <button type="button" aria-disabled={isLeaving} onClick={() => void start()}>
                {say("update_card")}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}
