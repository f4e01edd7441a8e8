"""How an observatory is doing: its queues, its releases, its disk, its deadline, its Airflow. It only reads."""
