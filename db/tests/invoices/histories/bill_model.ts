import {
  type Bill,
  decimal,
  type Fraction,
  type History,
  type Limit,
  type Line,
  meters,
  monthsAfter,
  plus,
  rounded,
  type Step,
  share,
  type Tier,
  times,
  whole,
  zero,
} from "./bill_rules.ts";
import { type Minute, UsageBook } from "./usage_book.ts";

const perDay = 1440;
const noon = 720;

type Call = { at: Minute; cost: Fraction | null };
type Period = { from: number; to: number; isTrial: boolean; isClosed: boolean; term: Term };
/** What the price of a plan is for: from the first period of this number, a month or twelve. */
type Term = { first: number; from: number; to: number; isAnnual: boolean };
type Span = { tier: number; from: number; to: number };

/** The bills of a history, one after the other, as the rules have them. */
export class Model {
  bills: Bill[] = [];
  private readonly given: History;
  private today: number;
  private readonly changes: { day: number; tier: number }[];
  private readonly periods: Period[] = [];
  readonly usage = new UsageBook();
  private readonly calls: Call[] = [];
  private readonly anchor: number;
  private ended: Minute | null = null;
  /** How the next term is to be billed. */
  private isAnnual: boolean;
  /** What was billed for a meter, or for AI, of a period. */
  private readonly billed = new Map<string, bigint>();
  /** Which tier the price of a term was billed by, by the number of its first period. */
  private readonly opened = new Map<number, number>();
  private carried = 0n;
  private readonly spansOf = new Map<Period, Span[]>();

  constructor(given: History) {
    this.given = given;
    this.today = given.firstDay;
    this.changes = [{ day: given.firstDay, tier: given.tier }];
    this.anchor = given.firstDay + given.trialDays;
    this.isAnnual = given.annual;
    this.begin();
  }

  take(step: Step): void {
    if (this.ended !== null && step.do !== "use" && step.do !== "again") return;
    const now = this.today * perDay + noon;
    switch (step.do) {
      case "advance":
        this.today += step.days;
        for (;;) {
          const running = this.periods.at(-1) as Period;
          if (running.to > this.today) return;
          this.close(this.periods.length - 1);
          this.begin();
        }
      case "use":
        this.usage.record(step, now - step.back);
        return;
      case "ai":
        this.calls.push({ at: now - step.back, cost: step.cost === null ? null : decimal(step.cost) });
        return;
      case "price":
        for (const call of this.calls) call.cost ??= decimal(step.cost);
        return;
      case "change":
        this.changes.push({ day: this.today, tier: step.tier });
        return;
      case "cadence":
        this.isAnnual = step.annual;
        return;
      case "again":
        return;
      case "cancel":
        this.ended = now;
        this.close(this.periods.length - 1);
    }
  }

  private begin(): void {
    const number = this.periods.length;
    const trial = this.given.trialDays > 0;
    if (trial && number === 0) {
      const days = { from: this.given.firstDay, to: this.anchor };
      this.periods.push({
        ...days,
        isTrial: true,
        isClosed: false,
        term: { first: 0, ...days, isAnnual: false },
      });
      return;
    }
    const month = number - (trial ? 1 : 0);
    const from = monthsAfter(this.anchor, month);
    const running = this.periods.at(-1)?.term;
    const goesOn = running !== undefined && running.to > from;
    const term = goesOn
      ? running
      : {
          first: number,
          from,
          to: monthsAfter(this.anchor, month + (this.isAnnual ? 12 : 1)),
          isAnnual: this.isAnnual,
        };
    this.periods.push({
      from,
      to: monthsAfter(this.anchor, month + 1),
      isTrial: false,
      isClosed: false,
      term,
    });
    if (goesOn) {
      this.write("advance", number, []);
      return;
    }
    const tier = this.tierOn(from);
    this.opened.set(number, tier);
    const lines: Line[] = [];
    const price = this.priceOf(tier, term);
    if (price > 0n) lines.push(["plan", null, String(price)]);
    const { setup } = this.given.tiers[tier] as Tier;
    if (this.given.dedicated && month === 0 && setup > 0) lines.push(["setup", null, String(setup)]);
    this.write("advance", number, lines);
  }

  private close(number: number): void {
    const period = this.periods[number] as Period;
    period.isClosed = true;
    const lines: Line[] = [];
    if (!period.isTrial) {
      lines.push(...this.planChanges(number));
      lines.push(...this.overage(period, number));
      lines.push(...this.ai(period, number, "ai"));
      for (let earlier = 0; earlier < number; earlier++) {
        const before = this.periods[earlier] as Period;
        if (before.isTrial) continue;
        lines.push(...this.late(before, earlier), ...this.ai(before, earlier, "late_ai"));
      }
    }
    this.write("period", number, lines);
  }

  private write(kind: string, period: number, lines: Line[]): void {
    const net = lines.reduce((sum, [, , amount]) => sum + BigInt(amount), 0n);
    const before = this.carried;
    const due = before + net;
    const all: Line[] = due > 0n && before < 0n ? [...lines, ["credit", null, String(before)]] : lines;
    this.carried = due > 0n ? 0n : due;
    this.bills.push({
      kind,
      period,
      lines: all,
      net: String(net),
      carried: String(this.carried),
      invoiced: due > 0n ? String(due) : null,
    });
  }

  private tierOn(day: number): number {
    const until = this.changes.filter((change) => change.day <= day);
    return (until.reduce((last, one) => (one.day >= last.day ? one : last)) as { tier: number }).tier;
  }

  private spans(period: Period): Span[] {
    const known = this.spansOf.get(period);
    if (known) return known;
    const { from, to } = period;
    const spans: Span[] = [];
    for (let day = from; day < to; day++) {
      const tier = this.tierOn(day);
      const last = spans.at(-1);
      if (last?.tier === tier) last.to = day + 1;
      else spans.push({ tier, from: day, to: day + 1 });
    }
    // Asked once it is over: nothing changes on its days any more.
    this.spansOf.set(period, spans);
    return spans;
  }

  private priceOf(tier: number, { isAnnual }: Term): bigint {
    const { monthly, annual } = this.given.tiers[tier] as Tier;
    return BigInt(isAnnual ? annual : monthly);
  }

  private planChanges(number: number): Line[] {
    const period = this.periods[number] as Period;
    const { term } = period;
    const { first, from, to } = term;
    let billed = first === number ? (this.opened.get(number) as number) : this.tierOn(period.from - 1);
    const lines: Line[] = [];
    for (let day = period.from; day < period.to; day++) {
      const tier = this.tierOn(day);
      if (tier === billed) continue;
      const rest = (of: number) => share(whole(this.priceOf(of, term)), to - from, day - from, to - from);
      if (rest(billed) !== 0n) lines.push(["plan_change", null, String(-rest(billed))]);
      if (rest(tier) !== 0n) lines.push(["plan_change", null, String(rest(tier))]);
      billed = tier;
    }
    return lines;
  }

  private used(meter: string, from: number, to: number): Fraction {
    const until = this.ended === null ? to * perDay : Math.min(to * perDay, this.ended);
    return this.usage.used(meter, from * perDay, until);
  }

  /** Each amount that a meter comes to in a period: one, or one for each span of what is no sum. */
  private rate(period: Period, meter: string): bigint[] {
    const spans = this.spans(period);
    const days = period.to - period.from;
    const limitOf = ({ tier }: Span): Limit => {
      const limit = (this.given.tiers[tier] as Tier).limits[meter] ?? null;
      return limit && !limit.hard && limit.included !== null && limit.price !== null ? limit : null;
    };
    if (!["sum", "count"].includes(meters[meter] as string)) {
      return spans.map((span) => {
        const limit = limitOf(span);
        if (!limit) return 0n;
        const over = plus(this.used(meter, span.from, span.to), whole(-BigInt(limit.included as number)));
        if (over.n <= 0n) return 0n;
        return share(
          times(over, decimal(limit.price as string)),
          days,
          span.from - period.from,
          span.to - period.from,
        );
      });
    }
    const last = limitOf(spans.at(-1) as Span);
    if (!last) return [0n];
    const included = spans.reduce((sum, span) => {
      const limit = limitOf(span);
      return plus(
        sum,
        limit
          ? whole(
              share(
                whole(BigInt(limit.included as number)),
                days,
                span.from - period.from,
                span.to - period.from,
              ),
            )
          : this.used(meter, span.from, span.to),
      );
    }, zero);
    const over = plus(this.used(meter, period.from, period.to), times(included, whole(-1n)));
    return [over.n > 0n ? rounded(times(over, decimal(last.price as string))) : 0n];
  }

  private overage(period: Period, number: number): Line[] {
    return Object.keys(meters).flatMap((meter) => {
      const amounts = this.rate(period, meter);
      this.billed.set(
        `${number} ${meter}`,
        amounts.reduce((a, b) => a + b, 0n),
      );
      return amounts
        .filter((amount) => amount !== 0n)
        .map((amount): Line => ["overage", meter, String(amount)]);
    });
  }

  private late(period: Period, number: number): Line[] {
    return Object.keys(meters).flatMap((meter): Line[] => {
      const owed = this.rate(period, meter).reduce((a, b) => a + b, 0n);
      const more = owed - (this.billed.get(`${number} ${meter}`) as bigint);
      this.billed.set(`${number} ${meter}`, owed);
      return more === 0n ? [] : [["late_overage", meter, String(more)]];
    });
  }

  private ai(period: Period, number: number, kind: "ai" | "late_ai"): Line[] {
    const cost = this.calls.reduce((sum, call) => {
      const day = Math.floor(call.at / perDay);
      if (call.cost === null || day < period.from || day >= period.to) return sum;
      if (this.ended !== null && call.at >= this.ended) return sum;
      const { markup } = this.given.tiers[this.tierOn(day)] as Tier;
      return plus(sum, times(call.cost, { n: 10_000n + BigInt(markup), d: 10_000n }));
    }, zero);
    const more = rounded(cost) - (this.billed.get(`${number} ai`) ?? 0n);
    this.billed.set(`${number} ai`, rounded(cost));
    return more === 0n ? [] : [[kind, "ai_calls", String(more)]];
  }
}
