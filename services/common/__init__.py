"""What two apps really share, and nothing else."""
