"""The stages (collect, digest, deliver), each repeatable without harm, and the schedule that says when."""
