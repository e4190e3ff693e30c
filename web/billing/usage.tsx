import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { barOf } from "./bar.ts";
import { type Meter, nameOfMeter, type Usage } from "./billing.ts";
import { useWritten } from "./written.ts";

/** What the clinic used of what its plan includes: bars for eyes, a table for whoever reads it. */
export function UsageSection({ usage, meters }: { usage: readonly Usage[]; meters: readonly Meter[] }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const used = (one: Usage) => written.quantityOf(one.used, one.unit);
  const included = (one: Usage) =>
    one.included === null ? say("unlimited") : written.quantityOf(one.included, one.unit);
  const overage = (one: Usage) =>
    one.currency && one.overageAmount && one.overageAmount !== "0"
      ? written.money(one.overageAmount, one.currency)
      : null;
  return (
    <section aria-labelledby="usage">
      <h2 id="usage">{say("usage")}</h2>
      <p class="soft">{say("usage_words")}</p>
      <figure class="bars">
        <ul class="plain">
          {usage.map((one) => {
            const bar = barOf(one);
            return (
              <li key={one.meter}>
                <p class="line">
                  <strong>{nameOfMeter(meters, one.meter, written.language)}</strong>
                  <span>
                    {one.included === null
                      ? say("used_of_unlimited", { used: used(one) })
                      : say("used_of", { used: used(one), included: included(one) })}
                  </span>
                </p>
                {bar && (
                  <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect class="room" width={100} height={6} />
                    <rect class="within" width={bar.within} height={6} />
                    {bar.beyond > 0 && <rect class="beyond" x={bar.limit} width={bar.beyond} height={6} />}
                    {bar.beyond > 0 && <rect class="limit" x={bar.limit} width={0.8} height={6} />}
                  </svg>
                )}
                {overage(one) && <p class="soft">{say("overage", { amount: overage(one) ?? "" })}</p>}
              </li>
            );
          })}
        </ul>
        <details>
          <summary>{say("usage_as_table")}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled sideways is scrolled by keyboard, too */}
          <section class="wide" aria-label={say("usage_table")} tabIndex={0}>
            <table>
              <caption class="unseen">{say("usage_table")}</caption>
              <thead>
                <tr>
                  <th scope="col">{say("meter")}</th>
                  <th scope="col">{say("used")}</th>
                  <th scope="col">{say("included")}</th>
                  <th scope="col">{say("beyond")}</th>
                  <th scope="col">{say("projected_overage")}</th>
                </tr>
              </thead>
              <tbody>
                {usage.map((one) => (
                  <tr key={one.meter}>
                    <th scope="row">{nameOfMeter(meters, one.meter, written.language)}</th>
                    <td>{used(one)}</td>
                    <td>{included(one)}</td>
                    <td>
                      {one.enforcement && one.included !== null ? say(`enforcement_${one.enforcement}`) : "–"}
                    </td>
                    <td>{overage(one) ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      </figure>
    </section>
  );
}
