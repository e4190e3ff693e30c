import { useEffect, useState } from "preact/hooks";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Line } from "./billing.ts";
import { Lines } from "./lines.tsx";
import { sumOf } from "./money.ts";
import { useWritten } from "./written.ts";

/** What a change of the plan would cost: the lines that a bill would have then. */
export function ChangePreview({
  of,
  currency,
  name,
  nothing,
  ask,
}: {
  /** What is chosen: it is asked for again when that changes. */
  of: string;
  currency: string;
  /** What stands above the lines. */
  name: string;
  /** What is said where there are none. */
  nothing: string;
  ask(): Promise<readonly Line[]>;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const [known, setKnown] = useState<{ of: string; lines: readonly Line[] } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isWanted = true;
    setFailure(null);
    ask()
      .then((lines) => isWanted && setKnown({ of, lines }))
      .catch((error: unknown) => isWanted && setFailure(failureOf(error, say("offline"))));
    return () => {
      isWanted = false;
    };
  }, [of]);
  if (failure) return <FailureNotice failure={failure} />;
  if (known?.of !== of) return <Waiting>{say("loading")}</Waiting>;
  const { lines } = known;
  return (
    <section role="status" aria-label={name}>
      <h3>{name}</h3>
      {lines.length === 0 ? (
        <p>{nothing}</p>
      ) : (
        <>
          <Lines lines={lines} currency={currency} />
          {lines.length > 1 && (
            <p class="line total">
              <span>{say("change_difference")}</span>
              <strong>{written.money(sumOf(lines.map(({ amount }) => amount)), currency)}</strong>
            </p>
          )}
        </>
      )}
    </section>
  );
}
