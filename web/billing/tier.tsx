import { Fragment } from "preact";
import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { type Meter, nameOfMeter, type Subscription, type Tier } from "./billing.ts";
import { useWritten } from "./written.ts";

export type TierVersion = Tier["versions"]["nodes"][number];

/** Versions of a tier, the latest first. */
export function versionsOf({ versions }: Tier): TierVersion[] {
  return versions.nodes.toSorted((one, other) => other.version - one.version);
}

/** The version that somebody who subscribes now gets: the last one that was published. */
export function latestOf(tier: Tier): TierVersion | undefined {
  return versionsOf(tier).find(({ publishedAt }) => publishedAt !== null);
}

/** What a tier costs in a currency, on a server that is shared or a clinic's own; undefined where it is not for sale so. */
export function priceOf(tier: Tier, place: Pick<Subscription, "currency" | "tenancyMode">) {
  return latestOf(tier)?.prices.nodes.find(
    ({ currency, tenancyMode }) => currency === place.currency && tenancyMode === place.tenancyMode,
  );
}

/** What a version of a tier includes of each meter, and what one more costs. */
export function Included({
  version,
  meters,
  currency,
}: {
  version: TierVersion;
  meters: readonly (Meter & { unit: string })[];
  currency: string;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  return (
    <dl class="facts">
      {version.limits.nodes.map(({ meter, included, enforcement, overagePrices }) => {
        const unit = meters.find(({ key }) => key === meter)?.unit ?? "";
        const price = overagePrices.nodes.find((one) => one.currency === currency);
        const beyond =
          enforcement === "SOFT" && price
            ? say("beyond_costs", { amount: written.unitPrice(price.unitPrice, currency) })
            : say(`enforcement_${enforcement}`);
        return (
          <Fragment key={meter}>
            <dt>{nameOfMeter(meters, meter, written.language)}</dt>
            <dd>
              {included === null ? say("unlimited") : `${written.quantityOf(included, unit)}; ${beyond}`}
            </dd>
          </Fragment>
        );
      })}
    </dl>
  );
}
