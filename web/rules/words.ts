import { useContext } from "preact/hooks";
import { type Language, locales } from "../components/language.ts";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { type Contract, type Field, fieldNamed, operatorsOf, operatorsOfCounts } from "./contract.ts";
import type { Rule } from "./rule.ts";

/** Says a part of a rule in words, by the labels of the contract alone; `value` says what is known where it is explained. */
export function useWords(contract: Contract): ((rule: Rule) => string) & { value(rule: Rule): string } {
  const say = useTexts(ruleTexts);
  const language = useContext(LanguageContext);
  const of = (rule: Rule): string => {
    if ("all" in rule) return say(rule.all.length > 0 ? "all" : "everybody");
    if ("any" in rule) return say(rule.any.length > 0 ? "any" : "nobody");
    if ("not" in rule) return say("not");
    if ("segment" in rule) {
      const segment = contract.segments.find(({ segmentId }) => segmentId === rule.segment);
      return `${say("is_in")} ${segment?.name ?? rule.segment}`;
    }
    if ("count" in rule) {
      const counted = contract.collections.find(({ code }) => code === rule.count.of);
      const operator = operatorsOfCounts(contract).find(({ code }) => code === rule.operator);
      return `${say("number_of")} ${counted?.label ?? rule.count.of} ${operator?.label ?? rule.operator} ${shown(rule.value)}`;
    }
    const field = fieldNamed(contract, rule.field);
    const operator = field && operatorsOf(contract, field.type).find(({ code }) => code === rule.operator);
    return `${field?.label ?? rule.field} ${operator?.label ?? rule.operator} ${shown(rule.value, field)}`.trim();
  };
  const shown = (value: unknown, field?: Field): string => {
    if (value === null) return say("unknown");
    if (value === undefined) return "";
    if (Array.isArray(value)) return value.map((one) => shown(one, field)).join(", ");
    if (typeof value === "boolean") return say(value ? "yes" : "no");
    return field?.choices.find((choice) => choice.value === value)?.label ?? dayOr(String(value), language);
  };
  return Object.assign(of, {
    value: (rule: Rule) => {
      const { actual } = rule as { actual?: unknown };
      return shown(actual ?? null, "field" in rule ? fieldNamed(contract, rule.field) : undefined);
    },
  });
}

function dayOr(text: string, language: Language): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  return new Intl.DateTimeFormat(locales[language], { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(text),
  );
}
