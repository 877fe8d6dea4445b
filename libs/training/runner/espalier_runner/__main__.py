"""python -m espalier_runner JOB [--resume] [--check]"""

import argparse
import sys

from .job import JobError, read_job
from .run import fail, run


def main():
    parser = argparse.ArgumentParser(prog="espalier-runner", description="Runs a job of espalier train with TRL and PEFT.")
    parser.add_argument("job", help="the job, YAML or JSON")
    parser.add_argument("--resume", action="store_true", help="go on from the latest checkpoint in output_dir, if there is one")
    parser.add_argument("--check", action="store_true", help="only check the job's fields")
    options = parser.parse_args()
    try:
        job = read_job(options.job)
        if not options.check:
            run(job, options.resume)
        return 0
    except JobError as error:
        return fail(str(error))


if __name__ == "__main__":
    sys.exit(main())
