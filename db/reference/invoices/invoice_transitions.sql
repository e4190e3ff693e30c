-- What becomes of an invoice. BIL-02, BIL-07.
-- An empty from_state is creation. docs/state-machines/invoices.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "invoices"}', rows => '
  from_state    | to_state      | actor  | permission | event                  | quiet_because
  --------------+---------------+--------+------------+------------------------+-----------------------------------------------------
                | draft         | system |            |                        |
  draft         | issued        | system |            | invoice.issued         |
  issued        | paid          | system |            | invoice.paid           | The receipt of the payment tells of it.
  issued        | uncollectible | system |            | invoice.uncollectible  | The clinic was told when it became due and suspended.
  issued        | void          | system |            | invoice.voided         | The credit note that voids it is told.
  uncollectible | paid          | system |            | invoice.paid           | The receipt of the payment tells of it.
  paid          | issued        | system |            |                        |
');
