import type { ComponentChildren } from "preact";
import type { Line } from "./billing.ts";
import { useWritten } from "./written.ts";

/** The lines of an invoice, or of one to come: what each is of, how many at which price, and what it comes to. */
export function Lines({
  lines,
  currency,
  under,
}: {
  lines: readonly Line[];
  currency: string;
  /** What stands under a line. */
  under?(line: Line): ComponentChildren;
}) {
  const written = useWritten();
  return (
    <ul class="plain sums">
      {lines.map((line) => (
        <li key={line.position}>
          <p class="line">
            <span>{written.text(line.descriptions)}</span>
            <strong>{written.money(line.amount, currency)}</strong>
          </p>
          <p class="soft">
            {written.days(line.startsOn, line.endsOn)} · {written.quantity(line.quantity)} ×{" "}
            {written.unitPrice(line.unitPrice, currency)}
          </p>
          {under?.(line)}
        </li>
      ))}
    </ul>
  );
}
