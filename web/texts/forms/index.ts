import { textsOf } from "../../components/texts.ts";
import en from "./en.json" with { type: "json" };
import ro from "./ro.json" with { type: "json" };

/** What forms say by themselves, whatever they ask. */
export const formTexts = textsOf({ ro, en });
