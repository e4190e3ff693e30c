-- How fields are compared. SEG-02. Where a field is missing the comparison is null, which counts as false. {v} is the field,
-- {a} and {b} what it is compared with; of a text {a} is folded when the rule is compiled.

select app_private.own_rows('app_private.rule_operators', rows => '
  type     | code            | position | label_en                    | label_ro                   | operand | condition_sql                                              | turning_days
  ---------+-----------------+----------+-----------------------------+----------------------------+---------+------------------------------------------------------------+------------------------------
  text     | is              | 1        | is                          | este                       | one     | app_hidden.search_text({v}) = {a}                          |
  text     | is_not          | 2        | is not                      | nu este                    | one     | app_hidden.search_text({v}) <> {a}                         |
  text     | contains        | 3        | contains                    | conține                    | one     | position({a} in app_hidden.search_text({v})) > 0           |
  text     | contains_not    | 4        | does not contain            | nu conține                 | one     | position({a} in app_hidden.search_text({v})) = 0           |
  text     | starts_with     | 5        | starts with                 | începe cu                  | one     | starts_with(app_hidden.search_text({v}), {a})              |
  text     | one_of          | 6        | is one of                   | este una dintre            | list    | app_hidden.search_text({v}) = any ({a})                    |
  text     | none_of         | 7        | is none of                  | nu este niciuna dintre     | list    | app_hidden.search_text({v}) <> all ({a})                   |
  text     | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  text     | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  number   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  number   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  number   | greater         | 3        | is greater than             | este mai mare decât        | one     | {v} > {a}                                                  |
  number   | at_least        | 4        | is at least                 | este cel puțin             | one     | {v} >= {a}                                                 |
  number   | less            | 5        | is less than                | este mai mic decât         | one     | {v} < {a}                                                  |
  number   | at_most         | 6        | is at most                  | este cel mult              | one     | {v} <= {a}                                                 |
  number   | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  number   | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  number   | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  boolean  | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  boolean  | is_set          | 2        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  boolean  | is_not_set      | 3        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  date     | is              | 1        | is on                       | este în ziua de            | one     | {v} = {a}                                                  |
  date     | is_not          | 2        | is not on                   | nu este în ziua de         | one     | {v} <> {a}                                                 |
  date     | before          | 3        | is before                   | este înainte de            | one     | {v} < {a}                                                  |
  date     | until           | 4        | is on or before             | este cel târziu în         | one     | {v} <= {a}                                                 |
  date     | after           | 5        | is after                    | este după                  | one     | {v} > {a}                                                  |
  date     | since           | 6        | is on or after              | este cel devreme în        | one     | {v} >= {a}                                                 |
  date     | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  date     | last_days       | 8        | is today or in the last … days | este azi sau în ultimele … zile | days | {v} between {today} - {a} and {today}                      | {v}, {v} + {a} + 1
  date     | more_days_ago   | 9        | was more than … days ago    | a fost acum mai mult de … zile | days | {v} < {today} - {a}                                        | {v} + {a} + 1
  date     | next_days       | 10       | is today or in the next … days | este azi sau în următoarele … zile | days | {v} between {today} and {today} + {a}                 | {v} - {a}, {v} + 1
  date     | is_set          | 11       | is known                    | este cunoscută             | none    | {v} is not null                                            |
  date     | is_not_set      | 12       | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choice   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  choice   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  choice   | one_of          | 3        | is one of                   | este una dintre            | list    | {v} = any ({a})                                            |
  choice   | none_of         | 4        | is none of                  | nu este niciuna dintre     | list    | {v} <> all ({a})                                           |
  choice   | is_set          | 5        | is known                    | este cunoscută             | none    | {v} is not null                                            |
  choice   | is_not_set      | 6        | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choices  | includes        | 1        | includes                    | include                    | one     | {v} @> array[{a}]                                          |
  choices  | includes_not    | 2        | does not include            | nu include                 | one     | not {v} @> array[{a}]                                      |
  choices  | includes_any    | 3        | includes any of             | include una dintre         | list    | {v} && {a}                                                 |
  choices  | includes_all    | 4        | includes all of             | include toate              | list    | {v} @> {a}                                                 |
  choices  | is_set          | 5        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  choices  | is_not_set      | 6        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  presence | is_set          | 1        | is there                    | există                     | none    | {v} is not null                                            |
  presence | is_not_set      | 2        | is not there                | nu există                  | none    | {v} is null                                                |
');
