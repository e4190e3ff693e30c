import { decimal, type Fraction, isMore, meters, plus, type Step, whole, zero } from "./bill_rules.ts";

/** A minute of the clinic's clock, counted from 1970. */
export type Minute = number;

type Usage = { meter: string; key: string; quantity: Fraction; subject: number; at: Minute; place: number };

/** What a clinic used, as it was told: the first under a key counts. */
export class UsageBook {
  /** What was told under a key that was known with other content, each content once. */
  readonly conflicts = new Set<string>();
  private readonly usage: Usage[] = [];

  record({ meter, key, quantity, subject }: Extract<Step, { do: "use" }>, at: Minute): void {
    const told = {
      meter,
      key: String(key),
      quantity: decimal(quantity),
      subject,
      at,
      place: this.usage.length,
    };
    const known = this.usage.find((one) => one.key === told.key);
    if (!known) this.usage.push(told);
    else if (
      known.meter !== meter ||
      isMore(known.quantity, told.quantity) ||
      isMore(told.quantity, known.quantity) ||
      known.subject !== subject ||
      known.at !== at
    )
      this.conflicts.add([key, meter, quantity, subject, at].join(" "));
  }

  /** What a meter comes to from a minute to before another. */
  used(meter: string, from: Minute, until: Minute): Fraction {
    const counted = this.usage.filter((one) => one.meter === meter && one.at >= from && one.at < until);
    const sum = counted.reduce((total, { quantity }) => plus(total, quantity), zero);
    switch (meters[meter] ?? "count") {
      case "sum":
        return sum;
      case "count":
        return whole(BigInt(counted.length));
      case "unique":
        return whole(BigInt(new Set(counted.map(({ subject }) => subject)).size));
      case "max":
        return counted.reduce((most, { quantity }) => (isMore(quantity, most) ? quantity : most), zero);
      case "latest":
        return (
          counted.reduce<Usage | null>(
            (last, one) =>
              last === null || one.at > last.at || (one.at === last.at && one.place > last.place)
                ? one
                : last,
            null,
          )?.quantity ?? zero
        );
    }
  }
}
