"""What a scenario is: typed, validated, loaded from YAML."""
