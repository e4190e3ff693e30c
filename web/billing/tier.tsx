import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Subscription, Tier } from "./billing.ts";
import { useWritten } from "./written.ts";

export type TierVersion = Tier["versions"]["nodes"][number];

/** The version of a tier that somebody who subscribes now gets: the last one that was published. */
export function latestOf({ versions }: Tier): TierVersion | undefined {
  return versions.nodes
    .filter(({ publishedAt }) => publishedAt !== null)
    .sort((one, other) => other.version - one.version)[0];
}

/** What it costs in a currency, on a server that is shared or a clinic's own; undefined where it is not for sale so. */
export function priceOf(tier: Tier, place: Pick<Subscription, "currency" | "tenancyMode">) {
  return latestOf(tier)?.prices.nodes.find(
    ({ currency, tenancyMode }) => currency === place.currency && tenancyMode === place.tenancyMode,
  );
}

/** What a version of a tier includes of each meter, and what one more costs. */
export function Included({ version, currency }: { version: TierVersion; currency: string }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  return (
    <dl class="facts">
      {version.limits.nodes.map(({ meter, included, enforcement, overagePrices }) => {
        const price = overagePrices.nodes.find((one) => one.currency === currency);
        return [
          <dt key={`${meter?.key} name`}>{written.meter(meter)}</dt>,
          <dd key={meter?.key}>
            {included === null ? say("unlimited") : written.quantityOf(included, meter?.unit ?? "")}
            {included !== null &&
              `; ${
                enforcement === "SOFT" && price
                  ? say("beyond_costs", { amount: written.unitPrice(price.unitPrice, currency) })
                  : say(`enforcement_${enforcement}`)
              }`}
          </dd>,
        ];
      })}
    </dl>
  );
}
