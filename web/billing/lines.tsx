import type { ComponentChildren } from "preact";
import type { Line } from "./billing.ts";
import { useWritten } from "./written.ts";

/** The lines of an invoice, or of one to come: what each is of, how many at which price, and what it comes to. */
export function Lines<One extends Line>({
  lines,
  currency,
  under,
}: {
  lines: readonly One[];
  currency: string;
  /** What stands under a line. */
  under?(line: One): ComponentChildren;
}) {
  const written = useWritten();
  return (
    <ul class="plain sums">
      {lines.map((line, i) => (
        <li key={`${i}`}>
          <p class="line">
            <span>{written.text(line.descriptions)}</span>
            <strong>{written.money(line.amount, currency)}</strong>
          </p>
          {line.quantity !== "1" && line.quantity !== "-1" && (
            <p class="soft">
              {written.quantity(line.quantity)} × {written.unitPrice(line.unitPrice, currency)}
            </p>
          )}
          {under?.(line)}
        </li>
      ))}
    </ul>
  );
}
