import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Line } from "./billing.ts";
import { Lines } from "./lines.tsx";
import { sumOf } from "./money.ts";
import { useWritten } from "./written.ts";

/** What the next bill would be of, were it written now: by the very function that writes it. */
export function Projected({ lines, currency }: { lines: readonly Line[]; currency: string }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  return (
    <section aria-labelledby="projected">
      <h2 id="projected">{say("projected")}</h2>
      <p class="soft">{say("projected_words")}</p>
      {lines.length === 0 ? (
        <p>{say("projected_nothing")}</p>
      ) : (
        <>
          <Lines lines={lines} currency={currency} />
          <p class="line total">
            <span>{say("total_without_tax")}</span>
            <strong>{written.money(sumOf(lines.map(({ amount }) => amount)), currency)}</strong>
          </p>
        </>
      )}
    </section>
  );
}
