import {
  type Account,
  bought,
  counts,
  type Held,
  type Kind,
  kinds,
  type Line,
  monthsAfter,
  type Plan,
  refusedMove,
  type Status,
  type Step,
  type Subscription,
  share,
  type Terms,
  type Tier,
  whatLapsesFirst,
} from "./plan_rules.ts";

/** What the ledger must say: plan_rules.ts tells how it was written. */
export class Model {
  tiers: Tier[];
  today: number;
  subscriptions: Subscription[] = [];
  boughtPlans: Plan[] = [];
  /** In the order in which they were made: who is first among those that lapse on one day. */
  accounts: Held[] = [];
  debits = new Map<string, Held & { first: number | null }>();

  constructor(tiers: Tier[], today: number) {
    this.tiers = structuredClone(tiers);
    this.today = today;
  }

  take(step: Step): string {
    if (step.do === "advance") {
      this.today += step.days;
      return "ok";
    }
    this.settle();
    if (step.do === "settle") return "ok";
    const live = this.subscriptions.find(({ status }) => !["canceled", "expired"].includes(status));
    const latest = this.subscriptions.at(-1);
    switch (step.do) {
      case "edit":
        (this.tiers[step.tier] as Tier).includes[step.plan] = step.terms;
        return "ok";
      case "buy":
        return this.buy();
      case "debit":
        return this.debit(step.subject, step.kind);
      case "restore":
        return this.restore(step.subject, step.kind);
      case "start":
        return live ? "already_subscribed" : this.start(step);
      case "move":
        if (!latest) return "nobody";
        if (refusedMove(latest.status, step.to)) return refusedMove(latest.status, step.to) as string;
        if (step.to === "trialing") latest.trialEnds = this.today + 10;
        this.move(latest, step.to, this.today);
        return "ok";
      case "tier":
        if (!latest) return "nobody";
        if (!["pending", "trialing", "active"].includes(latest.status)) return "subscription_is_not_running";
        if (latest.tier === step.tier) return "ok";
        latest.tier = step.tier;
        if (latest.status === "pending") latest.billing = (this.tiers[step.tier] as Tier).billing;
        else this.provide(latest, this.today, true);
        return "ok";
      case "ends":
        if (!latest) return "nobody";
        if (!live) return "subscription_is_not_running";
        latest.ends = step.days === null ? null : this.today + step.days;
        return "ok";
    }
  }

  private settle(): void {
    for (const subscription of this.subscriptions) {
      for (;;) {
        const { status, anchor, ends, trialEnds, month } = subscription;
        if (status === "canceled" || status === "expired") break;
        const nextMonth = anchor === null ? Infinity : monthsAfter(anchor, month + 1);
        const trial = status === "trialing" ? (trialEnds as number) : Infinity;
        const due = Math.min(ends ?? Infinity, trial, nextMonth);
        if (due > this.today) break;
        if (ends === due) this.move(subscription, "expired", due);
        else if (trial === due) this.move(subscription, "past_due", due);
        else this.beginMonth(subscription, due);
      }
    }
    for (const plan of this.boughtPlans)
      if (!plan.ended && (plan.validUntil as number) <= this.today)
        this.end(plan, null, plan.validUntil as number);
  }

  private start({ tier, status, trialDays }: Extract<Step, { do: "start" }>): string {
    const subscription: Subscription = {
      status: "pending",
      tier,
      billing: (this.tiers[tier] as Tier).billing,
      anchor: null,
      month: 0,
      periodMonth: 0,
      trialEnds: status === "trialing" ? this.today + trialDays : null,
      ends: null,
      plans: [],
    };
    this.subscriptions.push(subscription);
    if (status !== "pending") this.move(subscription, status, this.today);
    return "ok";
  }

  private move(subscription: Subscription, to: Status, day: number): void {
    const from = subscription.status;
    subscription.status = to;
    if (from === "pending" && (to === "trialing" || to === "active")) {
      subscription.anchor = day;
      this.provide(subscription, day, false);
    } else if (from === "past_due" && to === "active") {
      for (const account of this.running(subscription)) if (account.given === null) this.give(account, day);
    } else if (to === "canceled" || to === "expired") {
      for (const plan of subscription.plans) if (!plan.ended) this.end(plan, subscription, day);
    }
  }

  private running = (subscription: Subscription): Account[] =>
    subscription.plans.filter(({ ended }) => !ended).flatMap(({ accounts }) => accounts);

  private beginMonth(subscription: Subscription, day: number): void {
    subscription.month += 1;
    const renews = subscription.month >= subscription.periodMonth + subscription.billing;
    const isOver = (account: Account) => account.toMonth <= subscription.month;
    for (const plan of subscription.plans.filter(({ ended }) => !ended))
      for (const account of plan.accounts.filter(isOver)) {
        const unused = account.left;
        if (unused === 0) continue;
        this.write(account, "expire", -unused, day);
        if (plan.terms?.carry) this.write(account, "carry", unused, day, day);
      }
    if (renews) {
      subscription.periodMonth = subscription.month;
      subscription.billing = (this.tiers[subscription.tier] as Tier).billing;
      this.provide(subscription, day, false);
    }
    for (const plan of subscription.plans.filter(({ ended }) => !ended))
      for (const account of plan.accounts.filter(isOver)) {
        this.period(account, subscription, plan.terms as Terms);
        Object.assign(account, { before: 0, given: null, quantity: this.gives(plan, account.kind) });
        if (subscription.status !== "past_due") this.give(account, day);
      }
  }

  private gives(plan: Plan, kind: Kind): number {
    return (counts[plan.plan]?.[kind] ?? 0) * (plan.terms as Terms).quantity;
  }

  private period(account: Account, { anchor, month }: Subscription, terms: Terms): void {
    account.first = monthsAfter(anchor as number, month);
    account.last = monthsAfter(anchor as number, month + terms.period);
    account.toMonth = month + terms.period;
    account.length = terms.period;
  }

  private provide(subscription: Subscription, day: number, changes: boolean): void {
    const { includes } = this.tiers[subscription.tier] as Tier;
    for (const plan of subscription.plans)
      if (!plan.ended && !includes[plan.plan]) this.end(plan, subscription, day);
    for (const [number, terms] of includes.entries()) {
      if (!terms) continue;
      let plan = subscription.plans.find((one) => one.plan === number);
      const within = changes || plan?.ended === true;
      if (!plan) {
        const name = `${this.subscriptions.indexOf(subscription)}:${number}`;
        plan = { name, plan: number, terms, ended: false, validUntil: null, accounts: [] };
        subscription.plans.push(plan);
      }
      Object.assign(plan, { terms, ended: false });
      for (const kind of kinds) {
        const quantity = this.gives(plan, kind);
        let account = plan.accounts.find((one) => one.kind === kind);
        if (!account && quantity === 0) continue;
        if (account && !within) continue;
        let accrued = 0;
        if (!account) {
          account = this.open(plan, subscription, kind);
          this.period(account, subscription, terms);
        } else if (account.toMonth > subscription.month) {
          accrued = account.before + share(account, account.quantity, day);
          if (account.length !== terms.period) this.period(account, subscription, terms);
        } else {
          this.period(account, subscription, terms);
          account.given = null;
        }
        account.before = within && terms.prorate ? accrued - share(account, quantity, day) : 0;
        account.quantity = quantity;
        if (subscription.status !== "past_due") this.give(account, day);
      }
    }
  }

  private give(account: Account, day: number): void {
    const lacks = account.before + account.quantity - (account.given ?? 0);
    const change = Math.max(lacks, -account.left);
    if (change !== 0) this.write(account, change > 0 ? "grant" : "expire", change, day);
    account.given = (account.given ?? 0) + change;
  }

  private end(plan: Plan, subscription: Subscription | null, day: number): void {
    plan.ended = true;
    for (const account of plan.accounts) {
      const { left } = account;
      if (left > 0) this.write(account, "expire", -left, day);
      if (!subscription) continue;
      if (account.given !== null) {
        account.before += share(account, account.quantity, day);
        account.given -= left;
      }
      account.quantity = 0;
    }
  }

  private buy(): string {
    const validUntil = this.today + bought.days + 1;
    const plan: Plan = {
      name: `bought ${this.boughtPlans.length}`,
      plan: 3,
      terms: null,
      ended: false,
      validUntil,
      accounts: [],
    };
    this.boughtPlans.push(plan);
    this.write(this.open(plan, null, "sessions"), "grant", bought.sessions, this.today);
    return "ok";
  }

  private open(plan: Plan, subscription: Subscription | null, kind: Kind): Account {
    const account: Account = {
      name: `${plan.name}:${kind}`,
      kind,
      lines: [],
      left: 0,
      first: null,
      last: null,
      toMonth: 0,
      length: 0,
      before: 0,
      quantity: 0,
      given: null,
    };
    plan.accounts.push(account);
    this.accounts.push({ account, plan, subscription });
    return account;
  }

  private debit(subject: number, kind: Kind): string {
    const key = `${kind} ${subject}`;
    const known = this.debits.get(key);
    if (known) return known.account.name;
    const usable = whatLapsesFirst(this.accounts, kind);
    const found = usable.find(({ account }) => account.left > 0);
    if (!found) return usable.length > 0 ? "nothing_left" : "not_in_a_plan";
    this.debits.set(key, { ...found, first: found.account.first });
    this.write(found.account, "debit", -1, this.today);
    return found.account.name;
  }

  private restore(subject: number, kind: Kind): string {
    const key = `${kind} ${subject}`;
    const debit = this.debits.get(key);
    if (!debit) return "nothing";
    this.debits.delete(key);
    const { account, plan, subscription, first } = debit;
    this.write(account, "restore", 1, this.today, first);
    if (plan.ended || first !== account.first) {
      this.write(account, "expire", -1, this.today, first);
      if (!plan.ended && plan.terms?.carry) this.write(account, "carry", 1, this.today);
      else if (first === account.first && subscription && account.given !== null) account.given -= 1;
    }
    return account.name;
  }

  private write(account: Account, entry: string, quantity: number, day: number, first = account.first): void {
    account.left += quantity;
    if (account.left < 0) throw new Error(`${account.name} falls below zero`);
    account.lines.push([entry, quantity, account.left, day, first]);
  }

  /** What is to be compared: each ledger by its name, and where the subscriptions stand. */
  outcome(): { ledgers: Record<string, Line[]>; subscriptions: [Status, number, number][] } {
    this.settle();
    return {
      ledgers: Object.fromEntries(this.accounts.map(({ account }) => [account.name, account.lines])),
      subscriptions: this.subscriptions.map(({ status, tier, month }) => [status, tier, month]),
    };
  }
}
