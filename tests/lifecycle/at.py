"""A running portal's parts at another time."""

from nsaas_app.lifecycle.notices import Notices
from nsaas_app.lifecycle.timetable import Timetable
from nsaas_app.provisioning.changes import Changes
from nsaas_app.provisioning.intake import Intake
from nsaas_app.provisioning.plans import Plans
from nsaas_app.runtime import Runtime
from tests.support.clocks import Clock

__all__ = ["notices_at", "timetable_at"]


def notices_at(
    portal: Runtime, clock: Clock, *, has_webhook: bool = False, has_mail: bool = False
) -> Notices:
    """Notices by this clock, with ways out as a test wants them."""
    return Notices(
        stores=portal.stores,
        directory=portal.directory,
        inbox=portal.lifetime.inbox,
        clock=clock,
        has_webhook=has_webhook,
        has_mail=has_mail,
        mail_domain="mail.test",
    )


def timetable_at(portal: Runtime, clock: Clock) -> Timetable:
    """A timetable by this clock, whose requests the running worker carries out."""
    stores, name = portal.stores, portal.cluster_name
    plans = Plans(
        stores=stores,
        teams=portal.teams,
        directory=portal.directory,
        cluster_name=name,
        house=portal.settings.house_rules,
        clock=clock,
    )
    intake = Intake(
        stores=stores,
        directory=portal.directory,
        board=portal.requests,
        clock=clock,
        wake_worker=portal.worker.wake if portal.worker else lambda: None,
    )
    changes = Changes(
        stores=stores,
        intake=intake,
        plans=plans,
        provisioner=portal.provisioner,
        teams=portal.teams,
        clock=clock,
    )
    return Timetable(
        changes=changes,
        directory=portal.directory,
        notices=notices_at(portal, clock),
        clock=clock,
    )
