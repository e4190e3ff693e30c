import { textsOf } from "../../components/texts.ts";
import en from "./en.json" with { type: "json" };
import ro from "./ro.json" with { type: "json" };

export const serviceKeyTexts = textsOf({ ro, en });
