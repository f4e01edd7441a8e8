"""How Airflow tells: it queues a mail to the stewards, by the product's own mail."""

import asyncio
from typing import Any

from airflow.sdk import BaseNotifier


class StewardNotifier(BaseNotifier):
    """Tells every steward that something needs a look, once a day for each task that failed and each late DAG."""

    def notify(self, context: Any) -> None:
        """Tell of a task that failed for good; called where the task ran."""
        task = context["task_instance"]
        _tell(f"{task.dag_id}.{task.task_id}")

    async def async_notify(self, context: Any) -> None:
        """Tell of a run that missed its deadline; called in the triggerer."""
        # In a thread: a slow mail server must not hold up Airflow's other triggers.
        await asyncio.to_thread(_tell, f"{context['dag_run']['dag_id']} is late")


def _tell(subject: str) -> None:
    from ingestion.portal.correspondence import mail
    from ingestion.settings import load_settings

    settings = load_settings()
    mail.tell_stewards(settings, f"{subject} {mail.today()}")
    mail.deliver(settings)
