"""Our own Swedish minutes model: prompt and answer format, pairs, training and adapter."""
