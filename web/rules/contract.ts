import type { RuleBuilderQuery } from "../documents/generated/operations.ts";
import type { Comparison, Rule } from "./rule.ts";

/** What a rule of this clinic may be made of, as the API says it; nothing else is known here. */
export type Contract = RuleBuilderQuery["ruleBuilder"];
export type Field = Contract["fields"][number];
export type Operator = Contract["operators"][number];

/** The fields of a patient, or, inside of a count, those of what is counted. */
export function fieldsOf(contract: Contract, collection: string | null): Field[] {
  return contract.fields.filter((field) => field.collection === collection);
}

export function fieldNamed(contract: Contract, code: string): Field | undefined {
  return contract.fields.find((field) => field.code === code);
}

export function operatorsOf(contract: Contract, type: Operator["type"]): Operator[] {
  return contract.operators.filter((operator) => operator.type === type);
}

/** How numbers of rows are compared: by what takes one number, or two. */
export function operatorsOfCounts(contract: Contract): Operator[] {
  return operatorsOf(contract, "NUMBER").filter(({ operand }) => operand === "ONE" || operand === "RANGE");
}

/** What stands where a value is still to be given: a field without choices starts empty, and is told so. */
export function emptyValue(operator: Operator, field?: Field): unknown {
  const first = field?.type === "BOOLEAN" ? true : (field?.choices[0]?.value ?? "");
  switch (operator.operand) {
    case "NONE":
      return undefined;
    case "LIST":
      return field?.choices[0] ? [field.choices[0].value] : [];
    case "RANGE":
      return ["", ""];
    case "DAYS":
      return 30;
    case "ONE":
      return first;
  }
}

/** A comparison of this field by the first operator of its type. */
export function comparisonOf(contract: Contract, field: Field): Comparison {
  const [operator] = operatorsOf(contract, field.type);
  return operator ? withOperator(field, operator) : { field: field.code, operator: "" };
}

export function withOperator(field: Field, operator: Operator, kept?: unknown): Comparison {
  const value = kept ?? emptyValue(operator, field);
  return { field: field.code, operator: operator.code, ...(value !== undefined && { value }) };
}

/** What a new part begins as. */
export function firstPart(contract: Contract, collection: string | null): Rule | null {
  const [field] = fieldsOf(contract, collection);
  return field ? comparisonOf(contract, field) : null;
}
