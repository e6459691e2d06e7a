"""What is Swedish about the pipeline: figures, spoken and written register, cue phrases."""
