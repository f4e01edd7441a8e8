"""What stewards see and decide: builds, holds, waivers, releases, the state of the observatory."""
