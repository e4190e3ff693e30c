-- Test: move_appointment - every move from every state by everybody: what the table allows happens, all else is refused by name. APT-01, FND-04.
-- The list below is written out on purpose: it is what was decided, and the transitions table must agree with it.
begin;
create temporary table decided (from_status text, to_status text, who text[]);
insert into decided values
  ('booked',     'confirmed',  '{olga,adrian,flavia,ana,corina}'),
  ('upcoming',   'confirmed',  '{olga,adrian,flavia,ana,corina}'),
  ('booked',     'inprogress', '{olga,adrian,flavia,stefan}'),
  ('upcoming',   'inprogress', '{olga,adrian,flavia,stefan}'),
  ('confirmed',  'inprogress', '{olga,adrian,flavia,stefan}'),
  ('inprogress', 'done',       '{olga,adrian,flavia,stefan}'),
  ('booked',     'cancelled',  '{olga,adrian,flavia,ana,corina}'),
  ('upcoming',   'cancelled',  '{olga,adrian,flavia,ana,corina}'),
  ('confirmed',  'cancelled',  '{olga,adrian,flavia,ana,corina}'),
  ('booked',     'noshow',     '{olga,adrian,flavia,stefan}'),
  ('upcoming',   'noshow',     '{olga,adrian,flavia,stefan}'),
  ('confirmed',  'noshow',     '{olga,adrian,flavia,stefan}');
create temporary table verbs (to_status text, verb text);
insert into verbs values
  ('confirmed', 'confirm_appointment'), ('inprogress', 'start_appointment'), ('done', 'finish_appointment'),
  ('cancelled', 'cancel_appointment'), ('noshow', 'record_no_show');
create temporary table cast_of_the_test as
select unnest('{olga,adrian,flavia,stefan,ana,corina,bella,bogdan,otto,a stranger,root}'::text[]) as persona;
create temporary table outcomes (persona text, from_status text, to_status text, outcome text, legal jsonb);

select plan(9);
select tests.freeze_time('2027-03-08 10:30+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.staff('bella', 'billing');
select tests.specialist('dr stefan');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.caregiver('corina', 'ana', 'spouse');
select tests.person('a stranger');
select tests.person('root', superadmin => true);
select tests.calendar('mondays', '{dr stefan}');
select tests.appointment('visit', 'ana', 'mondays', 'dr stefan', '2027-03-08 10:00+02');

-- Tries each move in a subtransaction that is taken back, with the row put into its first state by hand.
create function pg_temp.try_everything() returns void language plpgsql as $$
declare
  v_from text; v_to text; v_verb text; v_persona text; v_outcome text; v_detail text;
begin
  for v_from in select unnest('{booked,upcoming,confirmed,inprogress,done,cancelled,noshow}'::text[]) loop
    alter table app_public.appointments disable trigger user;
    update app_public.appointments set status = v_from where id = tests.id('visit');
    alter table app_public.appointments enable trigger user;
    for v_to, v_verb in select to_status, verb from verbs loop
      for v_persona in select persona from cast_of_the_test loop
        v_detail := null;
        begin
          perform tests.act_as(v_persona);
          execute format('select (app_public.%I(tests.id(%L))).status', v_verb, 'visit') into v_outcome;
          raise exception using errcode = 'RXTRY';
        exception
          when sqlstate 'RXTRY' then v_outcome := 'moved to ' || v_outcome;
          when others then
            get stacked diagnostics v_detail = pg_exception_detail;
            v_outcome := sqlerrm;
        end;
        insert into outcomes values (v_persona, v_from, v_to, v_outcome, v_detail::jsonb);
      end loop;
    end loop;
  end loop;
end $$;
select pg_temp.try_everything();

select is((select count(*) from outcomes), 7::bigint * 5 * 11, 'every pair of states was tried by everybody');
select results_eq(
  $$select from_status, to_status, persona from outcomes where outcome like 'moved to %' order by 1, 2, 3$$,
  $$select from_status, to_status, unnest(who) from decided order by 1, 2, 3$$,
  'what was decided happens, and nothing else');
select is((select count(*) from outcomes where outcome like 'moved to %' and outcome <> 'moved to ' || to_status), 0::bigint, 'it ends in the state that was meant');
select is_empty(
  $$select persona, from_status, to_status, outcome from outcomes o
    where persona in ('olga', 'adrian', 'flavia', 'stefan', 'ana', 'corina')
      and not exists (select from decided d where d.from_status = o.from_status and d.to_status = o.to_status)
      and outcome <> 'illegal_move'$$,
  'who sees the appointment is told that the move is illegal');
select is_empty(
  $$select persona, from_status, to_status, outcome from outcomes o
    where persona in ('olga', 'adrian', 'flavia', 'stefan', 'ana', 'corina')
      and exists (select from decided d where d.from_status = o.from_status and d.to_status = o.to_status and not persona = any (d.who))
      and outcome <> 'move_not_allowed'$$,
  'or that it is not theirs to make');
select is_empty(
  $$select persona, outcome from outcomes where persona in ('bella', 'bogdan', 'otto', 'a stranger', 'root') and outcome <> 'appointment_not_found'$$,
  'who does not see it is told that there is none');
select is_empty(
  $$select distinct from_status, legal -> 'legal' from outcomes where outcome = 'illegal_move'
    except
    select s.from_status, coalesce((select jsonb_agg(distinct t.to_state) from app_private.state_transitions t where t.entity = 'appointments' and t.from_state = s.from_status), '[]')
    from (select distinct from_status from outcomes) s$$,
  'an illegal move names the legal ones');
select results_eq(
  $$select distinct from_state, to_state from app_private.state_transitions where entity = 'appointments' and actor in ('staff', 'patient') and from_state <> '' and to_state <> 'booked' order by 1, 2$$,
  $$select from_status, to_status from decided order by 1, 2$$,
  'the table holds these moves, beside those to booked, which tests of reschedule_appointment and reinstate_appointment try');
select results_eq(
  $$select from_state, to_state from app_private.state_transitions where entity = 'appointments' and actor = 'system' order by 1, 2$$,
  $$values ('booked', 'noshow'), ('booked', 'upcoming'), ('confirmed', 'noshow'), ('upcoming', 'noshow')$$, 'and those that time makes');
select * from finish();
rollback;
