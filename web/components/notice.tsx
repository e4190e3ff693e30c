import type { ComponentChildren } from "preact";
import type { Failure } from "./failure.ts";

/** What went wrong, read out at once. The code stays in small print, for support. */
export function FailureNotice({
  failure,
  children,
}: {
  failure: Failure | null;
  children?: ComponentChildren;
}) {
  return (
    <div role="alert">
      {failure && (
        <div class="notice bad">
          <p>{failure.message}</p>
          {children}
          <p class="code">{failure.code}</p>
        </div>
      )}
    </div>
  );
}
