import { Account, type Invoice, type Payment, type Refund, sum } from "./account_model.ts";
import { type AttemptReport, type Books, type RefundReport, type Step, share } from "./payment_rules.ts";

/** The rules of payments by another way: states follow from all that was ever said, books from what there is. */
export class Model extends Account {
  refunds: Refund[] = [];

  take(step: Step): string {
    try {
      return this.#take(step) ?? "ok";
    } catch (refusal) {
      if (typeof refusal === "string") return refusal;
      throw refusal;
    }
  }

  #take(step: Step): string | undefined {
    switch (step.do) {
      case "invoice": {
        const net = sum(step.lines);
        this.invoices.push({
          lines: step.lines,
          creditedLines: step.lines.map(() => 0),
          net,
          tax: share(net, step.taxPercent, 100),
          dueIn: step.dueIn,
          hasDocument: step.hasDocument,
          status: "issued",
          paymentState: "unpaid",
          credited: 0,
          creditedNet: 0,
          writtenOff: 0,
        });
        return;
      }
      case "refund":
        return this.#refund(step.payment, step.amount);
      case "report":
        return this.#report(step.attempt, step.status, step.at, step.isOther);
      case "refundReport":
        return this.#refundReport(step.refund, step.status, step.at);
    }
    const invoice = this.invoices[step.invoice];
    if (!invoice) return "nothing";
    switch (step.do) {
      case "document":
        invoice.hasDocument = true;
        return;
      case "settle":
        return this.settle([step.invoice]);
      case "transfer": {
        const key = `bank ${step.reference}`;
        const known = this.payments.find((payment) => payment.key === key);
        if (!known) return this.arrives(step.invoice, step.amount, key, "bank");
        if (known.invoice !== step.invoice || known.amount !== step.amount)
          throw "transfer_recorded_otherwise";
        return;
      }
      case "credit": {
        this.requireCreditable(invoice);
        const amounts = invoice.lines.map((_, place) => step.amounts[place] ?? 0);
        if (sum(amounts) === 0) return "nothing";
        if (amounts.some((amount, place) => amount > this.left(invoice, place))) throw "credit_exceeds_line";
        this.credit(invoice, amounts);
        return this.settle([step.invoice]);
      }
      case "discount":
        this.requireCreditable(invoice);
        if (step.amount > invoice.net - invoice.creditedNet) throw "credit_exceeds_invoice";
        this.credit(invoice, this.spread(invoice, step.amount));
        return this.settle([step.invoice]);
      case "void":
        this.requireCreditable(invoice);
        if (this.isAsked(step.invoice)) throw "charge_under_way";
        if (invoice.net === invoice.creditedNet) throw "credit_exceeds_invoice";
        this.credit(invoice, this.spread(invoice, invoice.net - invoice.creditedNet));
        return this.settle([step.invoice]);
      case "writeOff":
        if (invoice.status !== "issued") throw "illegal_move";
        if (!invoice.hasDocument) throw "invoice_document_missing";
        if (this.isAsked(step.invoice)) throw "charge_under_way";
        invoice.writtenOff = this.due(invoice);
        invoice.status = "uncollectible";
        return this.settle([step.invoice]);
      case "charge": {
        if (invoice.status !== "issued" || this.due(invoice) <= 0) return "nothing";
        let attempt = this.open(step.invoice);
        if (!attempt) {
          attempt = { invoice: step.invoice, amount: this.due(invoice), own: "queued", said: [] };
          this.attempts.push(attempt);
        }
        if (attempt.own !== "queued") return "repeat";
        this.settle([step.invoice]);
        if (invoice.status !== "issued") return "settled";
        if (!invoice.hasDocument) return "waits";
        attempt.own = "processing";
        attempt.amount = this.due(invoice);
        this.weigh(step.invoice);
        return `${attempt.amount}`;
      }
    }
  }

  #report(number: number, status: AttemptReport, at: number, isOther: boolean): string {
    const attempt = this.attempts[number];
    if (!attempt) return "nothing";
    const before = this.statusOf(attempt);
    const goesOn = before === "queued" || before === "processing" || before === "unknown";
    if (status === "unknown") {
      if (!goesOn || before === "unknown") return before;
      attempt.own = "unknown";
    } else if (status === "processing") {
      const isOld = attempt.said.some((report) => report.status === "processing" && report.at > at);
      if (!goesOn || isOld) return before;
      attempt.said.push({ status, at });
      attempt.own = "processing";
    } else {
      if (status !== "succeeded" && before === "succeeded") return before;
      attempt.said.push({ status, at });
      if (status !== "succeeded" && !goesOn && this.statusOf(attempt) === before) return before;
    }
    if (status === "succeeded") {
      const key = `card ${number} ${isOther}`;
      if (!this.payments.some((payment) => payment.key === key))
        this.arrives(attempt.invoice, attempt.amount, key, "card");
    } else this.settle([attempt.invoice]);
    return this.statusOf(attempt);
  }

  #refund(number: number, amount: number): string | undefined {
    const payment = this.payments[number];
    if (!payment) return "nothing";
    const invoice = this.invoices[payment.invoice] as Invoice;
    const balance = this.balance(payment);
    if (amount > balance + (payment.pays.get(payment.invoice) ?? 0)) throw "refund_exceeds_payment";
    const credit = amount - balance;
    if (credit > 0) {
      this.requireCreditable(invoice);
      const net =
        share(invoice.net, invoice.credited + credit, invoice.net + invoice.tax) - invoice.creditedNet;
      if (net < 1) throw "refund_too_small";
      this.allocate(payment, payment.invoice, -credit);
      this.credit(invoice, this.spread(invoice, net), credit);
    }
    payment.refunded += amount;
    this.refunds.push({
      payment: number,
      amount,
      own: payment.method === "bank" ? "succeeded" : "queued",
      said: [],
    });
    this.settle([payment.invoice]);
    return undefined;
  }

  /** The last word by the vendor's time; of one instant the worse. */
  #refundStatus({ own, said }: Refund): string {
    const rank = ["processing", "succeeded", "failed"];
    const [last] = [...said].sort((a, b) => b.at - a.at || rank.indexOf(b.status) - rank.indexOf(a.status));
    return own === "unknown" || !last ? own : last.status;
  }

  #refundReport(number: number, status: RefundReport, at: number): string {
    const refund = this.refunds[number];
    // Who sends it by bank transfer is told nothing by a vendor.
    if (!refund || this.payments[refund.payment]?.method === "bank") return "nothing";
    const before = this.#refundStatus(refund);
    if (status === "unknown") {
      if (before === "succeeded" || before === "failed") return before;
      refund.own = "unknown";
    } else {
      if (before === "unknown" && refund.said.some((report) => report.at > at)) return before;
      const had = refund.said.length;
      const isTold = refund.said.some((report) => report.status === status && report.at === at);
      refund.said.push({ status, at });
      refund.own = "queued";
      if (
        had &&
        before !== "unknown" &&
        (isTold || this.#refundStatus(refund) === before) &&
        !this.#isLast(refund, at, status)
      )
        return before;
    }
    const after = this.#refundStatus(refund);
    const payment = this.payments[refund.payment] as Payment;
    if (after === "failed" && before !== "failed") payment.refunded -= refund.amount;
    if (before === "failed" && after !== "failed") {
      let missing = refund.amount - this.balance(payment);
      for (const place of [...payment.pays.keys()].sort((a, b) => b - a)) {
        const part = Math.min(missing, payment.pays.get(place) ?? 0);
        if (part <= 0) continue;
        this.allocate(payment, place, -part);
        this.weigh(place);
        missing -= part;
      }
      payment.refunded += refund.amount;
    }
    this.settle([payment.invoice]);
    return after;
  }

  #isLast({ said }: Refund, at: number, status: string): boolean {
    return !said
      .slice(0, -1)
      .some((report) => report.at > at || (report.at === at && report.status === status));
  }

  books(): Books {
    const goneBack = (method: Payment["method"]) =>
      sum(
        this.refunds
          .filter(
            (refund) =>
              this.#refundStatus(refund) !== "failed" && this.payments[refund.payment]?.method === method,
          )
          .map(({ amount }) => amount),
      );
    const came = (method: Payment["method"]) =>
      sum(this.payments.filter((payment) => payment.method === method).map(({ amount }) => amount)) -
      goneBack(method);
    return {
      invoices: this.invoices.map((invoice, place) => [
        invoice.status,
        invoice.paymentState,
        this.paid(place),
        invoice.credited,
        invoice.creditedNet,
      ]),
      payments: this.payments.map(({ amount, pays, refunded }) => [amount, sum(pays.values()), refunded]),
      attempts: this.attempts.map((attempt) => this.statusOf(attempt)),
      refunds: this.refunds.map((refund) => this.#refundStatus(refund)),
      accounts: {
        bank: came("bank"),
        card: came("card"),
        customer_balance: 0 - sum(this.payments.map((payment) => this.balance(payment))),
        receivable: sum(
          this.invoices
            .filter(({ status }) => status !== "uncollectible")
            .map((invoice) => this.due(invoice)),
        ),
        revenue: 0 - sum(this.invoices.map(({ net, creditedNet }) => net - creditedNet)),
        tax:
          0 -
          sum(
            this.invoices.map(
              ({ hasDocument, tax, credited, creditedNet }) =>
                (hasDocument ? tax : 0) - (credited - creditedNet),
            ),
          ),
        write_off: sum(this.invoices.map(({ writtenOff }) => writtenOff)),
      },
      creditNotes: this.creditNotes,
    };
  }
}
