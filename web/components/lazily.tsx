import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Unreachable } from "../../client/refused.ts";
import { accountTexts } from "../texts/account/index.ts";
import { type Failure, failureOf } from "./failure.ts";
import { FailureNotice } from "./notice.tsx";
import { Waiting } from "./page.tsx";
import { useTexts } from "./texts.ts";

/** A part of a page that is loaded once somebody wants it, so that the page itself is small. */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazily(props: Props) {
    const say = useTexts(accountTexts);
    const [Part, setPart] = useState<ComponentType<Props> | null>(() => loaded);
    const [failure, setFailure] = useState<Failure | null>(null);
    useEffect(() => {
      if (Part) return;
      load()
        .then((part) => {
          loaded = part;
          setPart(() => part);
        })
        .catch((cause: unknown) =>
          setFailure(
            failureOf(new Unreachable("A part of the page did not load.", { cause }), say("offline")),
          ),
        );
    }, []);
    if (Part) return <Part {...props} />;
    return failure ? <FailureNotice failure={failure} /> : <Waiting>{say("loading")}</Waiting>;
  };
}
