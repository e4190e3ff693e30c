-- Test: what a refusal compares - whatever is written shows, in the table where it was, and what was taken back does not. FND-29.
begin;
select plan(11);

create table app_public.toys (id int, name text);
create table app_private.days (day date) partition by range (day);
create table app_private.days_2026 partition of app_private.days for values from ('2026-01-01') to ('2027-01-01');
insert into app_public.toys values (1, 'ball'), (2, 'kite');

create function tests.written_by(statement text) returns text[]
language plpgsql
as $$
declare
  v_before jsonb := tests.state();
begin
  execute written_by.statement;
  return tests.changed(v_before);
end;
$$;

select is(tests.written_by('select from app_public.toys for update'), '{}', 'who reads and locks writes nothing');
select is(tests.written_by($$insert into app_public.toys values (3, 'drum')$$), '{app_public.toys}', 'a new row shows');
select is(tests.written_by('update app_public.toys set name = name where id = 1'), '{app_public.toys}', 'so does one that says what it said');
select is(tests.written_by('delete from app_public.toys where id = 1'), '{app_public.toys}', 'and one that is gone');
select is(tests.written_by('truncate app_public.toys'), '{app_public.toys}', 'a table that is emptied shows');
select is(tests.written_by($$insert into app_private.days values ('2026-05-05')$$), '{app_private.days}', 'a row of a partition shows under its table');
select is(tests.written_by($$select graphile_worker.add_job('deliver_message')$$), '{graphile_worker._private_jobs}', 'a job shows');
select is(
  tests.written_by($body$do $$ begin
    insert into app_public.toys values (4, 'doll');
    raise 'no';
  exception when others then null; end $$$body$),
  '{}', 'what was taken back does not show');
select is(tests.written_by($$insert into app_public.toys values (5, 'car')$$), '{app_public.toys}', 'what comes after it does');

insert into app_public.toys values (6, 'bear');
savepoint held;
select is(tests.written_by('delete from app_public.toys'), '{app_public.toys}', 'rows that were there show as they go');
rollback to savepoint held;
select is(tests.written_by('delete from app_public.toys where id = 6'), '{app_public.toys}', 'also when they are back from a savepoint');

select * from finish();
rollback;
