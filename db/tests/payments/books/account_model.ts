import { type AttemptReport, type RefundReport, share } from "./payment_rules.ts";

export type Invoice = {
  lines: number[];
  creditedLines: number[];
  net: number;
  tax: number;
  dueIn: number;
  hasDocument: boolean;
  status: "issued" | "paid" | "void" | "uncollectible";
  paymentState: string;
  credited: number;
  creditedNet: number;
  writtenOff: number;
};
export type Payment = {
  invoice: number;
  amount: number;
  key: string;
  method: "bank" | "card";
  pays: Map<number, number>;
  refunded: number;
};
export type Said<Status> = { status: Status; at: number };
export type Attempt = {
  invoice: number;
  amount: number;
  own: "queued" | "processing" | "unknown" | "canceled";
  said: Said<AttemptReport>[];
};
export type Refund = {
  payment: number;
  amount: number;
  own: "queued" | "unknown" | "succeeded";
  said: Said<RefundReport>[];
};

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

/** What a clinic owes and has paid, and the tries to take it. */
export class Account {
  invoices: Invoice[] = [];

  payments: Payment[] = [];

  attempts: Attempt[] = [];

  creditNotes = 0;

  paid(place: number): number {
    return sum(this.payments.map(({ pays }) => pays.get(place) ?? 0));
  }

  due(invoice: Invoice): number {
    const total = invoice.net + (invoice.hasDocument ? invoice.tax : 0);
    return total - invoice.credited - this.paid(this.invoices.indexOf(invoice));
  }

  balance({ amount, pays, refunded }: Payment): number {
    return amount - sum(pays.values()) - refunded;
  }

  allocate(payment: Payment, place: number, amount: number): void {
    payment.pays.set(place, (payment.pays.get(place) ?? 0) + amount);
    const invoice = this.invoices[place] as Invoice;
    if (invoice.status === "uncollectible") invoice.writtenOff -= amount;
  }

  arrives(place: number, amount: number, key: string, method: Payment["method"]): undefined {
    const payment: Payment = { invoice: place, amount, key, method, pays: new Map(), refunded: 0 };
    const invoice = this.invoices[place] as Invoice;
    this.payments.push(payment);
    if (invoice.status === "issued" || invoice.status === "uncollectible") {
      const part = Math.min(this.due(invoice), amount);
      if (part > 0) this.allocate(payment, place, part);
    }
    this.settle([place]);
  }

  /** The oldest money pays what was due first. */
  settle(touched: number[]): undefined {
    const weighed = new Set(touched);
    const open = [...this.invoices.entries()]
      .filter(([, { status, hasDocument }]) => status === "issued" && hasDocument)
      .sort(([one, a], [other, b]) => a.dueIn - b.dueIn || one - other);
    for (const [place, invoice] of open) {
      for (const payment of this.payments) {
        const part = Math.min(this.due(invoice), this.balance(payment));
        if (part <= 0) continue;
        this.allocate(payment, place, part);
        weighed.add(place).add(payment.invoice);
      }
    }
    for (const place of weighed) this.weigh(place);
  }

  weigh(place: number): void {
    const invoice = this.invoices[place] as Invoice;
    const due = this.due(invoice);
    const paid = this.paid(place);
    if (invoice.status === "issued" && due <= 0 && paid === 0 && invoice.credited > 0)
      invoice.status = "void";
    else if (due <= 0 && (invoice.status === "issued" || invoice.status === "uncollectible"))
      invoice.status = "paid";
    else if (due > 0 && invoice.status === "paid") invoice.status = "issued";
    if (invoice.status !== "issued") {
      for (const attempt of this.attempts)
        if (attempt.invoice === place && this.statusOf(attempt) === "queued") attempt.own = "canceled";
    }
    const last = this.attempts
      .filter((attempt) => attempt.invoice === place)
      .map((attempt) => this.statusOf(attempt))
      .findLast((status) => status !== "queued" && status !== "canceled");
    const isKept = this.payments.some((payment) => payment.invoice === place && this.balance(payment) > 0);
    if (invoice.status === "paid") invoice.paymentState = isKept ? "overpaid" : "paid";
    else if (invoice.status === "issued" && (last === "processing" || last === "unknown"))
      invoice.paymentState = "processing";
    else if (paid > 0) invoice.paymentState = "partially_paid";
    else invoice.paymentState = invoice.status === "issued" && last === "failed" ? "failed" : "unpaid";
  }

  requireCreditable({ status, hasDocument }: Invoice): void {
    if (status !== "issued" && status !== "paid") throw "invoice_not_creditable";
    if (!hasDocument) throw "invoice_document_missing";
  }

  left(invoice: Invoice, place: number): number {
    return (invoice.lines[place] as number) - (invoice.creditedLines[place] as number);
  }

  spread(invoice: Invoice, amount: number): number[] {
    const left = invoice.lines.map((_, place) => this.left(invoice, place));
    const whole = sum(left);
    const exact = left.map((one) => ({
      floor: Math.floor((amount * one) / whole),
      rest: (amount * one) % whole,
    }));
    const missing = amount - sum(exact.map(({ floor }) => floor));
    const first = [...exact.keys()]
      .sort((one, other) => (exact[other]?.rest ?? 0) - (exact[one]?.rest ?? 0) || one - other)
      .slice(0, missing);
    return exact.map(({ floor }, place) => floor + (first.includes(place) ? 1 : 0));
  }

  credit(invoice: Invoice, amounts: number[], gross?: number): void {
    const net = sum(amounts);
    const tax =
      share(invoice.tax, invoice.creditedNet + net, invoice.net) - (invoice.credited - invoice.creditedNet);
    invoice.credited += gross ?? net + Math.max(0, tax);
    invoice.creditedNet += net;
    invoice.creditedLines = invoice.creditedLines.map(
      (credited, place) => credited + (amounts[place] as number),
    );
    this.creditNotes++;
    const place = this.invoices.indexOf(invoice);
    for (const payment of [...this.payments].reverse()) {
      const part = Math.min(-this.due(invoice), payment.pays.get(place) ?? 0);
      if (part > 0) this.allocate(payment, place, -part);
    }
  }

  open(place: number): Attempt | undefined {
    return this.attempts.find(
      (attempt) =>
        attempt.invoice === place && ["queued", "processing", "unknown"].includes(this.statusOf(attempt)),
    );
  }

  isAsked(place: number): boolean {
    const open = this.open(place);
    return open !== undefined && this.statusOf(open) !== "queued";
  }

  /** Money that was taken is taken; then the last end that was said; then what we know ourselves. */
  statusOf({ own, said }: Attempt): string {
    if (said.some(({ status }) => status === "succeeded")) return "succeeded";
    const ends = said.filter(({ status }) => status === "failed" || status === "canceled");
    const [last] = ends.sort((a, b) => b.at - a.at || (a.status === "canceled" ? -1 : 1));
    return last?.status ?? own;
  }
}
