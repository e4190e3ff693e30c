-- What the lint would report and we mean, with the reason. Each area names its own in
-- declared/<area>.sql; an exception that excuses nothing any more is reported.

drop table if exists tests.lint_exceptions;
create table tests.lint_exceptions (
  rule text not null,
  object text not null,
  reason text not null,
  primary key (rule, object)
);
grant select on tests.lint_exceptions to public;
